import { compile } from './definition/compile';
import type { CompiledApi } from './definition/compiled-api';
import { corsOf } from './gateway-cors';
import { identityHeaderNames } from './gateway-identity-headers';
import type { SecureApiGatewayProps } from './gateway-props';

/** Compiles the document, told what of the props it needs: names, and what changes how it is read. */
export function compileDefinition(props: SecureApiGatewayProps): CompiledApi {
  const { definition, authentication, backends, cors, emitUnproven = false, failOn } = props;
  return compile(definition, {
    authentication: Object.keys(authentication),
    backends: Object.keys(backends),
    emitUnproven,
    identityHeaders: identityHeaderNames(props.identityHeaders),
    ...(failOn && { failOn }),
    ...(cors && { cors: corsOf(cors) }),
    ...(props.maximumResources && { maximumResources: props.maximumResources }),
  });
}
