import { normalSerial } from '../protocol/client-certificate';
import { certificateItemId } from '../protocol/key-table';
import { RETENTION_SECONDS } from './api-keys';
import type { NamedCertificate } from './certificate-name';
import type { CertificateTable, RevokedCertificate } from './certificate-table';
import { keyError } from './key-error';

const LONGEST_REASON = 256;

/** Bytes of a key in DynamoDB. */
const LONGEST_KEY = 2048;

export interface Revocation {
  readonly certificate: RevokedCertificate;
  /** False where it was revoked before; the first time stands. */
  readonly isNew: boolean;
}

/** Client certificates that must not work any more. */
export class RevokedCertificates {
  constructor(
    private readonly table: CertificateTable,
    /** Seconds of Unix time. */
    private readonly now: () => number,
  ) {}

  public async revoke(named: NamedCertificate, reason?: string): Promise<Revocation> {
    checkReason(reason);
    const { issuer, serial, subject, expiresAt } = named;
    const pk = certificateItemId(issuer, serial);
    checkLength(pk, serial);
    const isNew = await this.table.add({
      pk,
      revokedAt: this.now(),
      ...(reason && { reason }),
      ...(subject && { subject }),
      // it is refused as expired from then on; the item stays for investigations, as those of keys do
      ...(expiresAt !== undefined && { expiresAt, deleteAfter: expiresAt + RETENTION_SECONDS }),
    });
    const certificate = await this.table.find(pk);
    if (certificate) return { certificate, isNew };

    throw keyError(
      'REVOCATION_LOST',
      normalSerial(serial),
      'the table does not have it any more',
      'ask who else writes to the table, and revoke it again',
    );
  }

  public list(): AsyncGenerator<readonly RevokedCertificate[]> {
    return this.table.pages();
  }
}

/** Longer names no table holds; the authorizer, which cannot look them up either, admits nobody by them. */
function checkLength(pk: string, serial: string): void {
  const bytes = Buffer.byteLength(pk);
  if (bytes <= LONGEST_KEY) return;
  throw keyError(
    'ISSUER_TOO_LONG',
    normalSerial(serial),
    `the name of its issuer is too long to be told by: issuer and serial have ${bytes} bytes, ${LONGEST_KEY} at most`,
    'take the authority out of the truststore and deploy: where certificates can be revoked, its requests get 500 as it is',
  );
}

function checkReason(reason: string | undefined): void {
  if (reason === undefined) return;
  if (reason.length <= LONGEST_REASON && !/\p{Cc}/u.test(reason)) return;
  throw keyError(
    'REASON',
    'certificates',
    `a reason is one line of at most ${LONGEST_REASON} characters`,
    'shorten it, or name a ticket',
  );
}
