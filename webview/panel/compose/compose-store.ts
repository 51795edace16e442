import type { Remote } from '../../../src/base/rpc';
import type { Detail, Row } from '../../../src/model/contracts/message';
import type { PanelApi } from '../../../src/model/contracts/panel-api';
import { recognizedFormat, writePayload } from '../../../src/model/contracts/payload';
import type { Values } from '../../../src/model/profile/field';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { type DraftText, limits, type Saved } from '../saved';

/** Payloads above this size are sent again as bytes instead of through the editor. Bytes. */
const maxEditable = 200_000;

/** Initial content of the compose form. */
export interface ComposeTo {
	target: string;
	verb?: string;
	values?: Values;
}

/** A payload that is not typed: a file, read when it is sent, or bytes that are too many for the editor. */
export type Attached = { name: string; size: number } & (
	| { kind: 'file'; token: string }
	| { kind: 'bytes'; bytes: Uint8Array }
);

/** The part of the panel's store that is needed here. */
interface State {
	readonly describe: ProtocolDescription;
	readonly remote: Pick<Remote<PanelApi>, 'draft' | 'payload'>;
	readonly saved: Pick<Saved, 'draft' | 'history'>;
	keep(change: Pick<Partial<Saved>, 'draft' | 'history'>): void;
	/** Draws the panel again. */
	set(change: Record<string, never>): void;
	show(error: unknown): void;
	/** Brings the form to the front and focuses its target, or its payload. */
	showCompose(payload?: boolean): Promise<void>;
}

/** The draft in the compose form, and the operations that fill it. */
export class ComposeStore {
	attached: Attached | undefined;

	constructor(private readonly store: State) {}

	get draft(): DraftText {
		const { describe, saved } = this.store;
		return saved.draft ?? { verb: describe.verbs[0]?.id ?? '', target: '', values: {}, text: '' };
	}

	attach(attached: Attached | undefined): void {
		this.attached = attached;
		this.store.set({});
	}

	/** Fills in a target, and with it what belongs to it. */
	to({ target, verb, values }: ComposeTo, focusPayload = false): void {
		const { draft, store } = this;
		const same = verb === undefined || verb === draft.verb;
		store.keep({
			draft: { ...draft, target, verb: verb ?? draft.verb, values: { ...(same ? draft.values : {}), ...values } },
		});
		void store.showCompose(focusPayload);
	}

	/** Puts a message of the log into the form, byte for byte. */
	async again({ row }: Detail): Promise<void> {
		const { store } = this;
		const again = await this.draftOf(row);
		const bytes = again.payload;
		const draft = { ...this.draft, ...again.draft };
		await store.showCompose();
		if (bytes.length > maxEditable) {
			this.attached = { kind: 'bytes', name: `Payload of message ${row.seq}`, size: bytes.length, bytes };
			return store.keep({ draft });
		}
		this.attached = undefined;
		const { format, text } = writePayload(bytes);
		// The format is left open, so that other text is recognized again, unless this text would be taken for JSON.
		const keepFormat = format === 'hex' || (format === 'text' && recognizedFormat(text) === 'json');
		store.keep({ draft: { ...draft, text, format: keepFormat ? format : undefined } });
	}

	/** What sends a line of the log again: everything about it where a protocol's fields hold more than its payload. */
	private async draftOf({ seq, target }: Row): Promise<{ payload: Uint8Array; draft: Partial<DraftText> }> {
		const { describe, remote } = this.store;
		if (describe.verbs.some(({ fields }) => fields.some(({ type }) => type === 'bytes'))) {
			try {
				const { payload, ...draft } = await remote.draft(seq);
				return { payload, draft };
			} catch (error) {
				// A part that no field can hold is left out, and the failure names it.
				this.store.show(error);
			}
		}
		const verb = describe.again;
		const payload = await remote.payload(seq);
		return { payload, draft: { target, ...(verb === undefined ? {} : { verb, values: {} }) } };
	}

	/** Adds a draft to the history of sent messages. */
	remember(draft: DraftText): void {
		if (draft.text.length + JSON.stringify(draft.values).length > limits.historyText) return;
		const { saved } = this.store;
		const same = JSON.stringify(draft);
		const others = saved.history.filter((one) => JSON.stringify(one) !== same);
		this.store.keep({ history: [draft, ...others].slice(0, limits.history) });
	}
}
