import type { APIGatewayAuthorizerWithContextResult } from 'aws-lambda';
import type { AuthorizerConfiguration, PlanKeys } from '../../lib/protocol/authorizer-configuration';
import type { AuthorizerContext } from '../../lib/protocol/identity-headers';
import type { OperationPolicy, Policy } from '../../lib/protocol/policy';
import { type Alternatives, authenticate, prepareAlternatives } from './authenticate';
import type { AuthorizerRequest } from './authorizer-request';
import type { Caller, Verifier } from './caller';
import type { CertificateGate } from './certificate/certificate-gate';
import { anonymousContext, type ContextDetails, callerContext } from './context';
import { type Contract, cookiesOf, judgeContract, prepareContract } from './contract';
import type { IdentitySigner } from './identity/identity-signer';
import type { FailureGuard } from './limits/failure-guard';
import type { Limits } from './limits/limits';
import { type CredentialPlaces, credentialPlaces, findMisplaced, findObserved } from './misplaced-credential';
import { selectPlan } from './plan';
import type { Recorder } from './recorder';
import { type Forbidden, Unauthenticated } from './refused';
import type { Tenants } from './store/tenants';
import { whenKnown } from './when-known';

export type Decision = APIGatewayAuthorizerWithContextResult<Record<keyof AuthorizerContext, string>>;

export interface DecisionDependencies {
  readonly policy: Policy;
  readonly verifiers: Readonly<Record<string, Verifier>>;
  readonly planKeys: PlanKeys;
  readonly recorder: Recorder;
  /** Milliseconds. */
  readonly now: () => number;
  readonly limiting?: Limiting | undefined;
  readonly tenants?: Tenants | undefined;
  /** Absent: the domain demands no certificates. */
  readonly certificates?: Pick<CertificateGate, 'check'> | undefined;
  /** How credentials are verified, for their looks. Absent: no API keys are known. */
  readonly schemes?: AuthorizerConfiguration['schemes'];
  /** Absent: backends get no signed identity. */
  readonly signer?: Pick<IdentitySigner, 'authorization'> | undefined;
}

/** What is counted across all instances. */
export interface Limiting {
  readonly limits: Limits;
  readonly failures?: FailureGuard;
}

interface PreparedOperation {
  readonly policy: OperationPolicy;
  readonly alternatives: Alternatives;
  readonly contract: Contract;
  readonly places: CredentialPlaces;
}

/** Code of a refusal by the contract: a refusal of lib/protocol. */
const CONTRACT_VIOLATION = 'CONTRACT_VIOLATION';

/** Code of a refusal by a limit; likewise. */
const RATE_LIMITED = 'RATE_LIMITED';

/** Decides requests: who calls, may they, do they keep the contract, under which plan. */
export class Decider {
  private readonly operations = new Map<string, PreparedOperation>();

  constructor(private readonly dependencies: DecisionDependencies) {}

  public async decide(request: AuthorizerRequest): Promise<Decision> {
    const { planKeys, now, limiting, certificates, signer } = this.dependencies;
    const { policy, alternatives, contract, places } = this.operation(request.operation);
    const isPublic = policy.security.length === 0;
    const checked = certificates?.check(request);
    if (checked instanceof Promise) await checked;
    if (!isPublic && limiting?.failures && (await limiting.failures.isBlocked(request))) {
      return this.refuseLimited(request, policy, undefined, 'FAILED_AUTHENTICATIONS');
    }
    // a credential on a public operation is nobody's business
    const proven = isPublic ? undefined : this.authenticate(alternatives, policy, request);
    // waiting for what is there already costs time as well
    const caller = proven instanceof Promise ? await proven : proven;

    const cookies = cookiesOf(contract, places, request);
    const unfit = typeof cookies === 'object' ? cookies : undefined;
    // what is only observed comes last, and hides nothing that is refused
    const violation =
      findMisplaced(places, request) ??
      unfit ??
      judgeContract(contract, request) ??
      findObserved(places, request);
    if (violation) {
      const { reason, detail, always } = violation;
      if (policy.contract === 'observe' && !always) {
        this.dependencies.recorder.contractObserved(request, reason, detail, caller?.credentialId);
      } else {
        this.dependencies.recorder.contractRefused(request, reason, detail, caller?.credentialId);
        return this.refuseContract(request, policy, caller, `${detail}: ${reason}`);
      }
    }
    const refusal = limiting?.limits.refuse(policy, caller, request);
    const limited = refusal && (await refusal);
    if (limited) {
      const { retryAfterSeconds } = limited;
      const detail = retryAfterSeconds === undefined ? 'not counted' : `retry after ${retryAfterSeconds} s`;
      return this.refuseLimited(request, policy, caller, 'LIMIT', detail);
    }
    const plan = caller ? selectPlan(caller, planKeys, now) : planKeys.anonymous;
    const identity = signer && (await signer.authorization(caller, policy));
    return allow(request, contextOf(policy, caller, { identity, cookies: String(cookies) }), plan);
  }

  // what the policy does not know was not compiled: a fault of ours, and no way in
  private operation(key: string): PreparedOperation {
    const known = this.operations.get(key);
    if (known) return known;

    const { policy, verifiers } = this.dependencies;
    const operation = Object.hasOwn(policy.operations, key) ? policy.operations[key] : undefined;
    if (operation === undefined) throw new Error(`not in the policy: ${key}`);

    const prepared = {
      policy: operation,
      alternatives: prepareAlternatives(operation, policy, verifiers),
      contract: prepareContract(operation),
      places: credentialPlaces(operation, policy, this.dependencies.schemes ?? {}),
    };
    this.operations.set(key, prepared);
    return prepared;
  }

  private authenticate(
    alternatives: Alternatives,
    policy: OperationPolicy,
    request: AuthorizerRequest,
  ): Caller | Promise<Caller> {
    const { tenants, limiting } = this.dependencies;
    const identify = () => {
      const caller = authenticate(alternatives, policy, request);
      return tenants ? whenKnown(caller, (known) => tenants.withTier(known)) : caller;
    };
    return limiting?.failures ? counted(identify, limiting.failures, request) : identify();
  }

  /**
   * 429, by the plan that nothing gets through: an authorizer has no other way to this status, a Deny being 403 and a
   * throw 401. So it says Allow, also of an address that proved nothing, and rests on a rate and a burst of 0, of
   * which there is nothing to give however late plans are counted (aws-facts 13.5). AWS promises less of plans. Should
   * one be let through, its context has no signed identity, and none at all where nobody was proved: a service that
   * checks refuses it, and an alarm tells (`PassedRefusal`).
   */
  private refuseLimited(
    request: AuthorizerRequest,
    policy: OperationPolicy,
    caller: Caller | undefined,
    reason: string,
    detail?: string,
  ): Decision {
    const { recorder, planKeys } = this.dependencies;
    recorder.limited(request, reason, detail, caller?.credentialId);
    return allow(request, contextOf(policy, caller, { code: RATE_LIMITED, detail }), planKeys.exhausted);
  }

  private refuseContract(
    request: AuthorizerRequest,
    policy: OperationPolicy,
    caller: Caller | undefined,
    detail: string,
  ): Decision {
    const { contractRefusal } = this.dependencies.planKeys;
    const context = contextOf(policy, caller, { code: CONTRACT_VIOLATION, detail });
    return contractRefusal === '' ? deny(request, context) : allow(request, context, contractRefusal);
  }
}

async function counted(
  identify: () => Caller | Promise<Caller>,
  failures: FailureGuard,
  request: AuthorizerRequest,
): Promise<Caller> {
  try {
    return await identify();
  } catch (error) {
    // who brings nothing guesses nothing
    if (error instanceof Unauthenticated && error.reason !== 'NO_CREDENTIAL') await failures.count(request);
    throw error;
  }
}

function contextOf(
  { id }: OperationPolicy,
  caller: Caller | undefined,
  more: Omit<ContextDetails, 'operation'>,
): AuthorizerContext {
  const details = { operation: id, ...more };
  return caller ? callerContext(caller, details) : anonymousContext(details);
}

/** 403 for a known caller. The context names the refusal only: what made it a refusal may not fit a header. */
export function forbid(request: AuthorizerRequest, error: Forbidden): Decision {
  return deny(
    request,
    anonymousContext({ operation: request.operation, code: 'FORBIDDEN', detail: error.reason }),
  );
}

function allow(request: AuthorizerRequest, context: AuthorizerContext, plan: string): Decision {
  const decision = decisionOf(request, 'Allow', context);
  decision.usageIdentifierKey = plan;
  return decision;
}

function deny(request: AuthorizerRequest, context: AuthorizerContext): Decision {
  return decisionOf(request, 'Deny', context);
}

function decisionOf(
  { methodArn }: AuthorizerRequest,
  Effect: 'Allow' | 'Deny',
  context: AuthorizerContext,
): Decision {
  return {
    principalId: context.userId === '-' ? ANONYMOUS : principalOf(context.userId),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: resourceOf(methodArn) }],
    },
    context,
  };
}

/** API Gateway takes 512 characters of it (aws-facts 5.12), and paths are longer; the answer is for this request alone. */
function resourceOf(methodArn: string): string {
  return methodArn.length > 512 ? `${methodArn.slice(0, 511)}*` : methodArn;
}

const ANONYMOUS = 'anonymous';

/** The access log quotes it as it is, and nobody may pass there for one whom nobody knows. */
function principalOf(userId: string): string {
  return userId.replace(
    /["\\%]|^a(?=nonymous$)/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
