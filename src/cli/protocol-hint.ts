import { type Failure, FailureError } from '../base/failure';
import { orList } from '../model/text/lists';
import { descriptions } from '../protocols/descriptions';
import { UsageError } from './commands/usage';

/** Codes of failures that a server of another protocol causes. */
const isForeign = /^(?:not-(?!permitted)|closed-by-server$|reset$|upgrade-refused$)/;

/**
 * A failure of a connection whose URL fits several protocols, or the refusal of a target that the chosen one does not have, with
 * the option that selects another protocol: the one that the server turned out to speak, or all of them.
 */
export function withProtocolHint(error: unknown, url: string | undefined, taken: string | undefined): unknown {
	const isUsage = error instanceof UsageError;
	if (!(error instanceof FailureError || isUsage) || url === undefined) return error;
	const failure: Partial<Failure> = isUsage ? {} : error.failure;
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
	const others = descriptions.filter(({ id, schemes }) => id !== taken && schemes.some((one) => one.scheme === scheme));
	const spoken = others.find(({ id }) => id === failure.otherProtocol);
	if (others.length === 0 || !(isUsage || spoken || isForeign.test(failure.code ?? ''))) return error;
	const label = descriptions.find(({ id }) => id === taken)?.label;
	const hint = spoken
		? `Add --protocol ${spoken.id}.`
		: `${scheme}:// was taken for ${label}. Otherwise add --protocol ${orList(others.map(({ id }) => id))}.`;
	const text = spoken ? hint : [failure.remedy?.text, hint].filter(Boolean).join(' ');
	return isUsage
		? new UsageError(`${error.message} ${text}`)
		: new FailureError({ ...error.failure, remedy: { text } });
}
