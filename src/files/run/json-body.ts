import { toText } from '../../model/contracts/payload';
import { parseJson } from '../../model/json/value';

/** A payload as text and as JSON. `text`: undefined for bytes that are no text. */
export interface JsonBody {
	text: string | undefined;
	body: ReturnType<typeof parseJson>;
}

let latest: (JsonBody & { payload: Uint8Array }) | undefined;

/** Reads a payload. The latest one is kept: a rule looks at several places of a message, one message after the other. */
export function jsonBody(payload: Uint8Array): JsonBody {
	if (latest?.payload === payload) return latest;
	const text = toText(payload);
	latest = { payload, text, body: parseJson(text ?? '') };
	return latest;
}
