/** By alarm, in which file its fault is injected. Each file holds itself to its own, `faults.test.ts` to all there are. */
export const FAULTS: Readonly<Record<string, 'requests' | 'parts' | 'unattended'>> = {
  AuthorizerDuration: 'requests',
  AuthorizerThrottles: 'parts',
  Blocked: 'requests',
  DenialsFailing: 'unattended',
  DomainCertificateExpiry: 'unattended',
  ExpiryAlarm: 'unattended',
  ExpiryFailing: 'unattended',
  Forbidden: 'requests',
  IntrospectionFailed: 'requests',
  KeySetUnavailable: 'parts',
  KeysExpiring: 'unattended',
  Latency: 'requests',
  LimitStore: 'parts',
  PassedRefusal: 'parts',
  RateLimited: 'requests',
  RevokedUsed: 'requests',
  SensitiveNewcomers: 'unattended',
  ServerErrors: 'requests',
  SigningKeyRotation: 'unattended',
  StaleFeed: 'unattended',
  TenantVolume: 'requests',
  TrailErrors: 'unattended',
  TrailFailing: 'unattended',
  TrailLate: 'unattended',
  TrailThrottled: 'unattended',
  Unauthenticated: 'requests',
  Undecided: 'parts',
  UnknownPlanKey: 'requests',
};

/** Alarms of the faults that were injected, to be held to those that are to be. */
export class Covered {
  private readonly names = new Set<string>();

  constructor(private readonly file: 'requests' | 'parts' | 'unattended') {}

  public add(...names: readonly string[]): void {
    for (const name of names) this.names.add(name);
  }

  public get missing(): string[] {
    return Object.keys(FAULTS).filter((name) => FAULTS[name] === this.file && !this.names.has(name));
  }
}
