import { templateSerializer } from './template-serializer';

export { templateSerializer };

// jest's `snapshotSerializers` takes a module's default
export default templateSerializer;
