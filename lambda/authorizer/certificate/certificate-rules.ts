import { type ClientCertificate, readCertificate } from '../../../lib/protocol/client-certificate';
import { orderedName } from '../../../lib/protocol/distinguished-name';
import { certificateItemId } from '../../../lib/protocol/key-table';
import { Memory } from '../memory';
import { Unauthenticated } from '../refused';
import { revoked } from '../revoked';
import type { RememberedItems } from '../store/remembered-items';
import { whenKnown } from '../when-known';

/** Certificates remembered by one instance: a client shows the same one each time. */
const REMEMBERED_CERTIFICATES = 1_000;

interface KnownCertificate {
  readonly certificate: ClientCertificate;
  readonly item: string;
  readonly isAllowed: boolean;
}

/**
 * Which certificates are good. API Gateway has checked the chain and that the client holds the key; it asks nobody
 * whether one was revoked.
 */
export class CertificateRules {
  private readonly known = new Memory<KnownCertificate>(REMEMBERED_CERTIFICATES);
  private readonly allowedSubjects: ReadonlySet<string> | undefined;

  constructor(
    /** Undefined where every subject is allowed. */
    allowedSubjects: readonly string[] | undefined,
    /** Undefined where nothing can be revoked. */
    private readonly revoked: RememberedItems<true> | undefined,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {
    this.allowedSubjects = allowedSubjects && new Set(allowedSubjects.map(comparable));
  }

  /** What a certificate in PEM says. Throws `Unauthenticated` where it is not good. */
  public check(pem: string): ClientCertificate | Promise<ClientCertificate> {
    const { certificate, item, isAllowed } = this.read(pem);
    const { serial, notBefore, notAfter } = certificate;
    const now = this.now() / 1000;
    if (!(now >= notBefore && now < notAfter)) throw new Unauthenticated('EXPIRED', serial);
    if (!isAllowed) throw new Unauthenticated('SUBJECT_NOT_ALLOWED', serial);

    return whenKnown(this.revoked?.find(item), (isRevoked) => notRevoked(certificate, isRevoked));
  }

  private read(pem: string): KnownCertificate {
    const known = this.known.get(pem);
    if (known) return known;

    const certificate = readCertificate(pem);
    if (certificate === undefined) throw new Unauthenticated('MALFORMED_CERTIFICATE');
    const { subject, issuer, serial } = certificate;
    const read = {
      certificate,
      item: certificateItemId(issuer, serial),
      isAllowed: this.allowedSubjects?.has(comparable(subject)) ?? true,
    };
    this.known.set(pem, read);
    return read;
  }
}

// order counts here: a name is allowed as it is, while a revocation may be written in any order
const comparable = (name: string) => orderedName(name) ?? name;

function notRevoked(certificate: ClientCertificate, isRevoked: true | undefined): ClientCertificate {
  if (isRevoked) throw revoked(certificate.serial);
  return certificate;
}
