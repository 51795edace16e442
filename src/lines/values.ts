import type { Values } from '../model/profile/field';
import { wrongValue } from '../model/profile/fields';
import type { ProtocolDescription } from '../protocols/description';
import type { LoggedValues } from '../protocols/message-files';

/**
 * The options of a received message by the keys of the fields of the first verb, as far as these can hold them, and of
 * `FileSupport.received`.
 */
export const receivedValues = (description: ProtocolDescription, flags: number, meta: object | undefined): Values =>
	loggedValues(description, flags, meta).values;

/** The same with the correlation, where the protocol pairs requests and replies by it. */
export function loggedValues(
	{ verbs, files }: ProtocolDescription,
	flags: number,
	meta: object | undefined,
): LoggedValues {
	const logged = files?.values?.(flags, meta) ?? { values: {} };
	const values: Values = {};
	for (const [key, value] of Object.entries(logged.values)) {
		const field = verbs[0]?.fields.find((one) => one.key === key);
		const isValid = field ? wrongValue(field, value) === undefined : files?.received?.includes(key);
		if (isValid) values[key] = value;
	}
	return { ...logged, values };
}

/** The value of a header or property as the detail of the message shows it, whatever the case of its name. */
export function headerOf(
	{ properties }: ProtocolDescription,
	flags: number,
	meta: object | undefined,
	name: string,
): string | undefined {
	const wanted = plainName(name);
	return properties(flags, meta).find(({ label }) => plainName(label) === wanted)?.value;
}

/** "Message ID" and "message-id" are the same name. */
const plainName = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '');

/** The code of a response such as "2.05", if the messages of the protocol have one. */
export const codeOf = ({ files }: ProtocolDescription, flags: number): string | undefined =>
	files?.code?.(flags) || undefined;
