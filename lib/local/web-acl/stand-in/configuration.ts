import { join } from 'node:path';
import { MODULE, type StandInPackages } from './packages';

/** Where nginx listens: a socket in a folder of its user's, so that nobody else reaches it. */
export const socketOf = (folder: string) => join(folder, 'socket');
export const logOf = (folder: string) => join(folder, 'error.log');

/** Every answer leads here; its query names the rules that matched. */
export const VERDICT = 'http://verdict.invalid/?';

const FOLDERS = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** One process, which writes nothing outside of its folder and forwards nothing. */
export function serverConfiguration(folder: string): string {
  return `
load_module ${MODULE};
daemon off;
master_process off;
pid ${join(folder, 'pid')};
error_log ${logOf(folder)} error;
events { worker_connections 512; }
http {
  access_log off;
${FOLDERS.map((name) => `  ${name}_temp_path ${join(folder, name)};`).join('\n')}
  client_max_body_size 0;
  client_body_buffer_size 128k;
  large_client_header_buffers 8 64k;
  underscores_in_headers on;
  ignore_invalid_headers off;
  keepalive_requests 1000000;
  server {
    listen unix:${socketOf(folder)};
    modsecurity on;
    modsecurity_rules_file ${join(folder, 'rules.conf')};
    # a location that answers by itself would do so before the body is read
    location / { try_files /none @unreachable; }
    location @unreachable { return 500; }
  }
}
`;
}

/**
 * The OWASP rules at their default level, none of which refuses by itself: each that matches leaves its number,
 * and the last rule hands the numbers over. Whose place a rule takes is decided where the web ACL is evaluated.
 */
export function rulesConfiguration({ files }: StandInPackages): string {
  const noted = `nolog,noauditlog,pass,setvar:'tx.matched=%{tx.matched} %{rule.id}'`;

  return `
SecRuleEngine On
SecRequestBodyAccess On
SecAuditEngine Off
SecPcreMatchLimit 100000
SecPcreMatchLimitRecursion 100000
SecRule REQUEST_HEADERS:Content-Type "(?:application(?:/soap\\+|/)|text/)xml" \\
  "id:100001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/(?:[a-z0-9.-]+\\+)?json" \\
  "id:100002,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecDefaultAction "phase:1,${noted}"
SecDefaultAction "phase:2,${noted}"
SecAction "id:900990,phase:1,nolog,pass,t:none,setvar:tx.crs_setup_version=330"
${files.map((file) => `Include ${file}`).join('\n')}
SecAction "id:100003,phase:2,t:none,nolog,deny,redirect:'${VERDICT}%{tx.matched}'"
`;
}
