import { OneboxError } from '@onebox/base';
import { oneboxHome } from '../state-directory/state-directory';
import { badOption } from './bad-option';
import { checkOptions, checkValue } from './check-options';
import type { AttachTarget } from './onebox-options';
import { ATTACH, TEXT } from './option-rules';

/**
 * The cluster that is meant.
 *
 * @throws OneboxError ONEBOX_BAD_OPTION; ONEBOX_NO_ENVIRONMENT when the environment is to name it, and does not
 */
export function clusterMeantBy(
  target: AttachTarget,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly name: string; readonly home: string } {
  if (typeof target === 'string') return { name: target, home: oneboxHome(environment) };
  if (target === undefined) throw noTarget();
  checkOptions(target, ATTACH);
  if ('name' in target) checkValue('name', target.name, TEXT);
  else if (target.fromEnvironment === undefined) throw noTarget();
  if ('name' in target) return { name: target.name, home: target.home ?? oneboxHome(environment) };
  const source = target.fromEnvironment === true ? environment : target.fromEnvironment;
  const name = source['ONEBOX_NAME'];
  if (name !== undefined && name !== '') return { name, home: oneboxHome(source) };
  throw new OneboxError('ONEBOX_NO_ENVIRONMENT', 'the environment names no cluster: ONEBOX_NAME is not set', {
    nextStep: 'Run this under `onebox exec`, or put the `env` of a cluster into the environment first.',
  });
}

function noTarget(): OneboxError {
  return badOption('target', 'it must be a name, { name, home } or { fromEnvironment: true }');
}
