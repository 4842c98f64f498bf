export * from './api-key';
export * from './authorizer-configuration';
export * from './identity-headers';
export * from './key-table';
export * from './parameter-rules';
export * from './plan-keys';
export * from './policy';
export * from './refusals';
