import { templateSerializer } from './template-serializer';

export { gatewayMatchers } from './matchers';
export { templateSerializer };

// jest's `snapshotSerializers` takes the module itself
export const { test, serialize } = templateSerializer;
export default templateSerializer;
