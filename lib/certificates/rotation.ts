import { CLIENT_CERTIFICATE_OUTPUT } from '../protocol/client-certificate-output';

/** A certificate that a gateway shows to its backends, or is to show. */
export interface ShownCertificate {
  readonly name: string;
  readonly id: string;
  /** Path of the gateway's construct. */
  readonly gateway: string;
  readonly isInUse: boolean;
}

/** One as API Gateway tells it. Times are seconds of Unix time. */
export interface KnownCertificate extends ShownCertificate {
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly pem: string;
}

/** What to do next, with the value of `clientCertificates` that does it. */
export interface NextStep {
  readonly gateway: string;
  readonly step: 'add' | 'switch' | 'remove';
  readonly clientCertificates: readonly string[];
  /** For a person. */
  readonly instruction: string;
}

/** Certificates of all gateways of a stack, out of its outputs, the one in use first. */
export function shownCertificates(
  outputs: readonly { readonly description: string; readonly value: string }[],
): ShownCertificate[] {
  const found = outputs.flatMap(({ description, value }) => {
    const [, name, gateway, use] = CLIENT_CERTIFICATE_OUTPUT.exec(description) ?? [];
    return name && gateway ? [{ name, id: value, gateway, isInUse: use === 'in use' }] : [];
  });
  return found.sort((left, right) => Number(right.isInUse) - Number(left.isInUse));
}

/**
 * The next step of each gateway's rotation: add a certificate, put the younger one in use, take the older ones out.
 * Each step is one deployment; at no time does a gateway show a certificate that was not there one deployment before.
 */
export function nextSteps(certificates: readonly KnownCertificate[], now: number): NextStep[] {
  const gateways = new Set(certificates.map(({ gateway }) => gateway));
  return [...gateways].map((gateway) =>
    nextStep(
      gateway,
      certificates.filter((one) => one.gateway === gateway),
      now,
    ),
  );
}

function nextStep(gateway: string, certificates: readonly KnownCertificate[], now: number): NextStep {
  const names = certificates.map(({ name }) => name);
  const [current] = certificates;
  const byAge = [...certificates].sort((left, right) => right.createdAt - left.createdAt);
  const [youngest = current] = byAge;
  if (!current || !youngest) throw new Error(`the gateway ${gateway} has no certificate`);

  if (names.length === 1) {
    const clientCertificates = [...names, unusedName(names, now)];
    return {
      gateway,
      step: 'add',
      clientCertificates,
      instruction: `To rotate, add one: clientCertificates: ${list(clientCertificates)}. Deploy, and run this again.`,
    };
  }
  if (youngest.createdAt > current.createdAt) {
    const clientCertificates = [youngest.name, ...names.filter((name) => name !== youngest.name)];
    return {
      gateway,
      step: 'switch',
      clientCertificates,
      instruction: `Let every service trust ${youngest.name} beside ${current.name}. Then put it first: clientCertificates: ${list(clientCertificates)}. Deploy.`,
    };
  }
  return {
    gateway,
    step: 'remove',
    clientCertificates: [current.name],
    instruction: `Let services trust ${current.name} only. Then take the others out: clientCertificates: ${list([current.name])}. Deploy.`,
  };
}

function unusedName(names: readonly string[], now: number): string {
  const year = new Date(now * 1000).getUTCFullYear();
  // a name that is free by itself, whatever names were given before
  for (let name = year; ; name += 1) if (!names.includes(String(name))) return String(name);
}

const list = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`;
