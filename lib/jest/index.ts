import { templateSerializer } from './template-serializer';

export { gatewayMatchers } from './matchers';
export { templateSerializer };

// jest's `snapshotSerializers` takes a module's default
export default templateSerializer;
