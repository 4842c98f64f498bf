import type { HeaderList } from '../pipeline/header-list';

/** Headers of a service's answer that come back under another name (aws-facts 9.12). */
const REMAPPED = [
  'connection',
  'content-length',
  'date',
  'server',
  'www-authenticate',
  'x-amzn-requestid',
  'x-amzn-trace-id',
];

/** The same of what a non-proxy integration maps. */
const REMAPPED_IF_MAPPED = [
  ...REMAPPED,
  'authorization',
  'content-md5',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'trailer',
  'upgrade',
  'user-agent',
];

const HOP_BY_HOP = ['keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'proxy-connection'];

/** Dropped where API Gateway reads the answer before it hands it on. */
const DROPPED = [...HOP_BY_HOP, 'content-encoding', 'via'];

/** Of an answer that HTTP_PROXY hands on. */
export function proxiedHeaders(headers: HeaderList, streamed: boolean): HeaderList {
  const dropped = streamed ? HOP_BY_HOP : DROPPED;
  return remapped(
    headers.filter(([name]) => !dropped.includes(name.toLowerCase())),
    REMAPPED,
  );
}

/** Of an answer that HTTP makes. */
export function mappedHeaders(headers: HeaderList): HeaderList {
  return remapped(headers, REMAPPED_IF_MAPPED);
}

function remapped(headers: HeaderList, names: readonly string[]): HeaderList {
  return headers.map(([name, value]) => [
    names.includes(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name,
    value,
  ]);
}
