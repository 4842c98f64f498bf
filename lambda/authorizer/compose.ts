import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needsStores } from '../../lib/protocol/authorizer-bundles';
import {
  AUTHORIZER_CONFIGURATION,
  type AuthorizerConfiguration,
  type SchemeConfiguration,
} from '../../lib/protocol/authorizer-configuration';
import type { Policy } from '../../lib/protocol/policy';
import type { Verifier } from './caller';
import { CertificateGate } from './certificate/certificate-gate';
import type { DecisionDependencies } from './decide';
import { type AuthorizerHandler, createHandler } from './handler';
import { Recorder } from './recorder';

/** What the makers of verifiers share. */
export interface Surroundings {
  readonly configuration: AuthorizerConfiguration;
  readonly recorder: Recorder;
  /** Milliseconds. */
  readonly now: () => number;
  /** Text of a file beside the policy. */
  readonly readFile: (name: string) => string;
}

type Kind = SchemeConfiguration['kind'];

/** Makes the verifiers of one kind of scheme. */
export type VerifierMaker<K extends Kind> = (
  scheme: Extract<SchemeConfiguration, { kind: K }>,
  surroundings: Surroundings,
) => Verifier;

/** The kinds of schemes that a bundle serves. */
export type VerifierMakers = { readonly [K in Kind]?: VerifierMaker<K> };

/** Makes what decisions need a store for, in bundles that have one. */
export type StoresMaker = (
  surroundings: Surroundings,
) => Pick<DecisionDependencies, 'limiting' | 'tenants' | 'certificates'>;

/** The handler of this function, out of its environment and of the files beside its code. */
export function compose(
  makers: VerifierMakers,
  directory: string,
  makeStores?: StoresMaker,
): AuthorizerHandler {
  const text = process.env[AUTHORIZER_CONFIGURATION];
  if (text === undefined) throw new Error(`environment variable ${AUTHORIZER_CONFIGURATION} is not set`);

  const configuration = JSON.parse(text) as AuthorizerConfiguration;
  const readFile = (name: string) => readFileSync(join(directory, name), 'utf8');
  const now = () => Date.now();
  // console.log would put the runtime's prefix before the line, and JSON is what metrics are read from
  const recorder = new Recorder({ write: (line) => process.stdout.write(line), now });
  const surroundings = { configuration, recorder, now, readFile };

  const verifiers = Object.fromEntries(
    Object.entries(configuration.schemes).map(([name, scheme]) => [
      name,
      makeVerifier(makers, scheme, surroundings),
    ]),
  );
  const policy = JSON.parse(readFile('policy.json')) as Policy;
  if (needsStores(configuration) && !makeStores) {
    throw new Error('this bundle has no store');
  }
  const stores = makeStores?.(surroundings) ?? {};
  const { signing, planKeys } = configuration;
  const signer = signing && loadSigner().makeSigner(signing, now);
  const certificates = configuration.mutualTls && new CertificateGate();
  return createHandler({
    policy,
    verifiers,
    planKeys,
    recorder,
    now,
    signer,
    certificates,
    schemes: configuration.schemes,
    ...stores,
  });
}

// a file of its own in the bundle, with the client that reads the key
function loadSigner(): typeof import('./signer') {
  return require('./signer');
}

function makeVerifier(
  makers: VerifierMakers,
  scheme: SchemeConfiguration,
  surroundings: Surroundings,
): Verifier {
  const make = makers[scheme.kind] as VerifierMaker<Kind> | undefined;
  if (make === undefined) throw new Error(`this bundle does not serve schemes of kind ${scheme.kind}`);
  return make(scheme, surroundings);
}

/**
 * The function's entry point. Composed while the function starts, which costs no caller any time; where there
 * is no configuration (a program that imports the module for something else), on the first call.
 */
export function entryPoint(
  makers: VerifierMakers,
  directory: string,
  makeStores?: StoresMaker,
): AuthorizerHandler {
  let composed: AuthorizerHandler | undefined;
  const handler = () => {
    composed ??= compose(makers, directory, makeStores);
    return composed;
  };
  return process.env[AUTHORIZER_CONFIGURATION] === undefined ? (event) => handler()(event) : handler();
}
