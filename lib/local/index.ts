export { type GatewayEndpoints, LocalGateway } from './local-gateway';
export type { LogLine } from './logs/log-book';
export type { GatewayMetrics } from './logs/metrics';
export type { RequestRecord, StageRecord } from './logs/request-record';
export type {
  AssemblySource,
  LocalGatewayOptions,
  LocalGatewaySource,
  TemplateSource,
  TlsOptions,
} from './options';
export { recordOf } from './record-registry';
