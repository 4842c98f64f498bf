import { existsSync } from 'node:fs';
import koffi from 'koffi';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/libmodsecurity.so.3';

export const HAS_MOD_SECURITY = existsSync(LIBRARY);

/** What a request met, of which only the address of a redirection is read. */
interface Intervention {
  readonly url?: string;
}

/**
 * A transformation as ModSecurity does it, whose manual AWS's guide follows: a rule that matches everything
 * redirects to the transformed body.
 */
export function modSecurity(transformation: string): (bytes: string) => string {
  const native = koffi.load(LIBRARY);
  const answer = koffi.struct({
    status: 'int',
    pause: 'int',
    url: 'char *',
    log: 'char *',
    disruptive: 'int',
  });
  const call = (declaration: string) => native.func(declaration);
  const engine = call('void* msc_init()')();
  const rules = call('void* msc_create_rules_set()')();
  const problem: (string | null)[] = [null];
  const added = call('int msc_rules_add(void* rules, const char* plain, _Out_ const char** error)')(
    rules,
    `SecRuleEngine On
SecRequestBodyAccess On
SecAuditEngine Off
SecRule REQUEST_BODY "@unconditionalMatch" "id:1,phase:2,t:none,t:${transformation},t:hexEncode,deny,redirect:'=%{MATCHED_VAR}'"`,
    problem,
  );
  if (added < 0) throw new Error(`ModSecurity does not know ${transformation}: ${problem[0]}`);

  const transaction = call('void* msc_new_transaction(void* engine, void* rules, void* log)');
  const connect = call(
    'int msc_process_connection(void* one, const char* client, int from, const char* server, int to)',
  );
  const address = call(
    'int msc_process_uri(void* one, const char* uri, const char* method, const char* version)',
  );
  const headers = call('int msc_process_request_headers(void* one)');
  const append = call('int msc_append_request_body(void* one, const void* body, size_t length)');
  const body = call('int msc_process_request_body(void* one)');
  const intervention = native.func('msc_intervention', 'int', ['void *', koffi.out(koffi.pointer(answer))]);
  const end = call('void msc_transaction_cleanup(void* one)');

  return (bytes) => {
    const one = transaction(engine, rules, null);
    connect(one, '127.0.0.1', 1, '127.0.0.1', 2);
    address(one, '/', 'POST', '1.1');
    headers(one);
    append(one, Buffer.from(bytes, 'latin1'), bytes.length);
    body(one);
    const met: Intervention = {};
    intervention(one, met);
    end(one);
    if (met.url === undefined) throw new Error('ModSecurity did not answer');

    return Buffer.from(met.url.slice(1), 'hex').toString('latin1');
  };
}
