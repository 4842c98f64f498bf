/** Description of the stack output that holds a client certificate's id; the command line finds it by this. */
export const clientCertificateOutput = (name: string, path: string, isInUse: boolean): string =>
  `Client certificate ${name} of ${path}, ${isInUse ? 'in use' : 'not in use'} (cdk-secure-api-gateway)`;

/** Name, gateway and use in such a description. */
export const CLIENT_CERTIFICATE_OUTPUT =
  /^Client certificate ([A-Za-z0-9-]+) of (.+), (in use|not in use) \(cdk-secure-api-gateway\)$/;
