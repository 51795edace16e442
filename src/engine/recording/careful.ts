import type { Delivery } from '../../model/checks/delivery';
import type { ProtocolDescription } from '../../protocols/description';

/**
 * The description of the protocol of a recording. What a file calls the properties of a message was checked by no adapter:
 * whatever cannot be read has none. `hasLog`: false for a file whose lines do not say how their messages were logged.
 */
export function careful(description: ProtocolDescription, hasLog = () => true): ProtocolDescription {
	const { parts, contentType, contentEncoding, authorship, conversation, preview, delivery } = description;
	return {
		...description,
		properties: (flags, meta) =>
			hasLog()
				? attempt(
						() => description.properties(flags, meta),
						[{ label: 'Properties', value: 'those in the recording cannot be read' }],
					)
				: [{ label: 'Properties', value: 'not shown, because the file has no head' }],
		...(parts && { parts: (flags, meta) => attempt(() => parts(flags, meta), []) }),
		...(contentType && { contentType: (meta) => textOnly(() => contentType(meta)) }),
		...(contentEncoding && { contentEncoding: (meta) => textOnly(() => contentEncoding(meta)) }),
		...(authorship && { authorship: (meta, flags) => attempt(() => authorship(meta, flags), {}) }),
		...(delivery && { delivery: carefulDelivery(delivery) }),
		...(preview && { preview: (start) => attempt(() => preview(start), start) }),
		...(conversation && {
			conversation: { said: (start, flags) => attempt(() => conversation.said(start, flags), undefined) },
		}),
		columns: description.columns.map(({ text, read, ...column }) => ({
			...column,
			text: (flags) => attempt(() => text(flags), ''),
			...(read && { read: (flags, meta) => String(attempt(() => read(flags, meta), '')) }),
		})),
		actions: [],
	};
}

function carefulDelivery({ repeated, late, id, sequence, ...rest }: Delivery): Delivery {
	return {
		...rest,
		...(repeated && { repeated: (flags, meta) => attempt(() => repeated(flags, meta), undefined) }),
		...(late && { late: (flags) => attempt(() => late(flags), undefined) }),
		...(id && { id: { ...id, of: (flags, meta) => attempt(() => id.of(flags, meta), undefined) } }),
		...(sequence && {
			sequence: { ...sequence, of: (flags, meta) => attempt(() => sequence.of(flags, meta), undefined) },
		}),
	};
}

function attempt<Result>(read: () => Result, otherwise: Result): Result {
	try {
		return read();
	} catch {
		return otherwise;
	}
}

function textOnly(read: () => unknown): string | undefined {
	const value = attempt(read, undefined);
	return typeof value === 'string' ? value : undefined;
}
