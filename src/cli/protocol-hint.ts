import { FailureError } from '../base/failure';
import { descriptions } from '../protocols/descriptions';

const either = new Intl.ListFormat('en', { type: 'disjunction' });

/**
 * A failure of a connection whose URL fits several protocols, with the option that selects another one: the protocol that the
 * server turned out to speak, or all of them where it did not tell.
 */
export function withProtocolHint(error: unknown, url: string | undefined, taken: string | undefined): unknown {
	if (!(error instanceof FailureError) || url === undefined) return error;
	const { failure } = error;
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
	const others = descriptions.filter(({ id, schemes }) => id !== taken && schemes.some((one) => one.scheme === scheme));
	const spoken = others.find(({ id }) => id === failure.otherProtocol);
	if (!failure.final || others.length === 0) return error;
	const label = descriptions.find(({ id }) => id === taken)?.label;
	const hint = spoken
		? `Add --protocol ${spoken.id}.`
		: `${scheme}:// was taken for ${label}. Otherwise add --protocol ${either.format(others.map(({ id }) => id))}.`;
	const text = spoken ? hint : [failure.remedy?.text, hint].filter(Boolean).join(' ');
	return new FailureError({ ...failure, remedy: { text } });
}
