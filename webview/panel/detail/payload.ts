import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Decoded, Decoding, Detail, Difference } from '../../../src/model/contracts/message';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { number } from '../../base/words';
import { tabList } from '../../controls/tabs';
import { toolButton } from '../../controls/tool-button';
import type { PanelStore } from '../store';
import './lines';

/** The size that is shown at first, and the most that "Show more" requests; more than that belongs into an editor. Bytes. */
const initialBytes = 256 * 1024;
const maxBytes = 4 * 1024 * 1024;
/** The most that is copied. Bytes. */
const maxCopied = 16 * 1024 * 1024;

export const decodingNames: Record<Decoding, string> = {
	json: 'JSON',
	text: 'Text',
	hex: 'Hex',
	base64: 'Base64',
	cbor: 'CBOR',
	msgpack: 'MessagePack',
	'link-format': 'Link format',
	senml: 'SenML',
	xml: 'XML',
	unpacked: 'Hex (decompressed)',
};

interface Wanted {
	seq: number;
	decoding: Decoding;
	bytes: number;
	/** The message to compare with. */
	previous: number | undefined;
}

const codingTag = (coding: string) =>
	html`<span class="coding" title="Hex and Base64 show the compressed payload, the others its decompressed content.">${coding} →</span>`;

/** The payload of a message in one of its decodings, or its changes since the previous message. */
@customElement('mw-payload')
export class Payload extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; }
			.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 2px; margin: 4px 0; position: sticky; top: 0; z-index: 1;
				background: var(--vscode-editor-background); }
			.coding { padding-inline: 4px; color: var(--dim); white-space: nowrap; }
			.notice { padding: 4px 8px; margin: 4px 0; color: var(--dim); border-inline-start: 3px solid var(--line); }
			.notice.warn { color: var(--warn); border-color: var(--warn); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) detail!: Detail;
	@property() decoding!: Decoding;
	@state() private comparing = false;
	@state() private decoded: Decoded | undefined;
	@state() private difference: Difference | undefined;
	private bytes = initialBytes;
	private readonly questions = new Latest<Wanted, { decoded: Decoded } | { difference: Difference }>(
		async ({ seq, decoding, bytes, previous }) =>
			previous === undefined
				? { decoded: await this.store.remote.decode(seq, decoding, bytes) }
				: { difference: await this.store.remote.diff(seq, previous, decoding) },
		(answer, wanted) => {
			if (wanted.seq !== this.detail.row.seq) return;
			this.decoded = 'decoded' in answer ? answer.decoded : undefined;
			this.difference = 'difference' in answer ? answer.difference : undefined;
		},
		(error) => this.store.show(error),
	);

	protected override willUpdate(changed: PropertyValues<this>) {
		const isOther = changed.has('detail') && changed.get('detail')?.row.seq !== this.detail.row.seq;
		if (isOther) this.bytes = initialBytes;
		if (this.detail.previous === undefined) this.comparing = false;
		if (isOther || changed.has('decoding') || changed.has('comparing' as keyof Payload)) this.load();
	}

	private load() {
		this.questions.want({
			seq: this.detail.row.seq,
			decoding: this.decoding,
			bytes: this.bytes,
			previous: this.comparing ? this.detail.previous : undefined,
		});
	}

	private readonly openInEditor = () =>
		this.store.run(this.store.remote.openInEditor(this.detail.row.seq, this.decoding));

	private readonly save = () => this.store.run(this.store.remote.savePayload(this.detail.row.seq));

	/** Copies the whole payload, not only the part that is shown. */
	private readonly copy = () => {
		const { remote } = this.store;
		const copy = async () => {
			const all = await remote.decode(this.detail.row.seq, this.decoding, maxCopied);
			await remote.copy(all.text);
		};
		this.store.run(copy());
	};

	private partNotice({ shownBytes, totalBytes }: Decoded) {
		if (shownBytes >= totalBytes) return nothing;
		const more = () => {
			this.bytes = Math.min(this.bytes * 4, maxBytes);
			this.load();
		};
		const link = (label: string, run: () => void) => html`<button class="link" @click=${run}>${label}</button>`;
		return html`<div class="notice">Showing ${number(shownBytes)} of ${number(totalBytes)} bytes.
			${this.bytes < maxBytes ? html`${link('Show more', more)} · ` : nothing}${link('Open in editor', this.openInEditor)} ·
			${link('Save as file', this.save)}</div>`;
	}

	private content(decoded: Decoded) {
		const { problem, totalBytes, text, language } = decoded;
		return html`${problem ? html`<div class="notice warn">${problem}</div>` : nothing}${this.partNotice(decoded)}
			${
				totalBytes === 0
					? html`<div class="dim">The payload is empty.</div>`
					: html`<mw-lines .text=${text} .language=${language}></mw-lines>`
			}`;
	}

	private changes({ lines, cut }: Difference) {
		const notice = cut ? html`<div class="notice warn">${cut}</div>` : nothing;
		if (lines.every((line) => line.kind === 'same'))
			return html`${notice}<div class="dim">The same as the previous message.</div>`;
		const text = lines.map((line) => line.text).join('\n');
		return html`${notice}<mw-lines language=${this.decoding === 'json' ? 'json' : 'plaintext'} .text=${text}
			.kinds=${lines.map((line) => line.kind)}></mw-lines>`;
	}

	private compareButtons(previous: number) {
		const { store, detail, decoding } = this;
		const toggle = () => {
			this.comparing = !this.comparing;
		};
		const compare = () => store.run(store.remote.compare(previous, detail.row.seq, decoding));
		return html`<button class="tool" aria-pressed=${this.comparing} title="Changes since the previous message"
			aria-label="Changes since the previous message" @click=${toggle}>±</button>
			${toolButton('diff', 'Compare in editor', compare)}`;
	}

	override render() {
		const { store, detail, decoding, difference, decoded } = this;
		const { decodings, previous, row } = detail;
		const tabs = decodings.map((id) => ({ id, label: decodingNames[id] }));
		const choose = (chosen: Decoding) => store.keepDecoding(row.target, chosen);
		return html`<div class="bar">${detail.coding ? codingTag(detail.coding) : nothing}${tabList('Decoding', tabs, decoding, choose)}<span class="grow"></span>
			${previous === undefined ? nothing : this.compareButtons(previous)}
			${toolButton('copy', 'Copy', this.copy)}
			${toolButton('go-to-file', 'Open in editor', this.openInEditor)}
			${toolButton('save', 'Save as file', this.save)}</div>
			${difference ? this.changes(difference) : nothing}
			${decoded ? this.content(decoded) : nothing}`;
	}
}
