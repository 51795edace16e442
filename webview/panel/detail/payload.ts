import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
	type Decoded,
	type Decoding,
	type Detail,
	type DetailPart,
	type Difference,
	type HexWidth,
	hexWidths,
} from '../../../src/model/contracts/message';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { number } from '../../base/words';
import { tabList } from '../../controls/tabs';
import { toolButton } from '../../controls/tool-button';
import { canCheck, newCheckLabel, startCheck } from '../marks/new-check';
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

/** The languages of decodings that have colors in a comparison. */
const languages: Partial<Record<Decoding, string>> = {
	json: 'json',
	hex: 'hex',
	unpacked: 'hex',
	cbor: 'diagnostic',
	msgpack: 'diagnostic',
};

interface Wanted {
	seq: number;
	/** Id of a further payload. */
	part: string | undefined;
	decoding: Decoding;
	bytes: number;
	/** The message to compare with. */
	previous: number | undefined;
	/** Undefined for decodings other than hex. */
	perLine: HexWidth | undefined;
}

/** Characters of a line of a hex dump, by its number of bytes. */
const hexColumns: Record<HexWidth, number> = { 16: 76, 8: 41, 4: 25 };
/** Characters of the mark before a line of a comparison. */
const markColumns = 2;
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
			.probe { position: absolute; visibility: hidden; font-family: var(--mono); font-size: var(--vscode-editor-font-size, 13px); width: 100ch; height: 0; }
			@container (max-width: 360px) { .check { display: none; } }
			.coding { padding-inline: 4px; color: var(--dim); white-space: nowrap; }
			.notice { padding: 4px 8px; margin: 4px 0; color: var(--dim); border-inline-start: 3px solid var(--line); }
			.notice.warn { color: var(--warn); border-color: var(--warn); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) detail!: Detail;
	/** A further payload of the message, in place of its payload. */
	@property({ attribute: false }) further: DetailPart | undefined;
	@property() decoding!: Decoding;
	onDecoding: (decoding: Decoding) => void = () => {};
	@state() private comparing = false;
	@state() private decoded: Decoded | undefined;
	@state() private difference: Difference | undefined;
	/** The most bytes per line of a hex dump that fit the width. */
	@state() private perLine: HexWidth = 8;
	/** 100 characters wide. */
	@query('.probe') private probe!: HTMLElement;
	private bytes = initialBytes;
	private readonly resized = new ResizeObserver(() => this.measure());
	private readonly questions = new Latest<Wanted, { decoded: Decoded } | { difference: Difference }>(
		async ({ seq, part, decoding, bytes, previous, perLine }) =>
			previous === undefined
				? { decoded: await this.store.remote.decode(seq, decoding, bytes, perLine, part) }
				: { difference: await this.store.remote.diff(seq, previous, decoding, perLine, part) },
		(answer, wanted) => {
			if (wanted.seq !== this.detail.row.seq || wanted.part !== this.further?.id) return;
			this.decoded = 'decoded' in answer ? answer.decoded : undefined;
			this.difference = 'difference' in answer ? answer.difference : undefined;
		},
		(error) => this.store.show(error),
	);

	override connectedCallback() {
		super.connectedCallback();
		this.resized.observe(this);
	}

	override disconnectedCallback() {
		super.disconnectedCallback();
		this.resized.disconnect();
	}

	private measure() {
		const columns = (this.clientWidth / this.probe.getBoundingClientRect().width) * 100;
		const room = columns - (this.comparing ? markColumns : 0);
		this.perLine = hexWidths.find((width) => hexColumns[width] <= room) ?? 4;
	}

	protected override updated() {
		this.measure();
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		const isOther =
			(changed.has('detail') && changed.get('detail')?.row.seq !== this.detail.row.seq) ||
			(changed.has('further') && changed.get('further')?.id !== this.further?.id);
		if (isOther) this.bytes = initialBytes;
		if (this.detail.previous === undefined) this.comparing = false;
		const own = changed as Map<PropertyKey, unknown>;
		const isWidth = this.isHex && own.has('perLine');
		if (isOther || isWidth || changed.has('decoding') || own.has('comparing')) this.load();
	}

	private get isHex(): boolean {
		return languages[this.decoding] === 'hex';
	}

	private load() {
		this.questions.want({
			seq: this.detail.row.seq,
			part: this.further?.id,
			decoding: this.decoding,
			bytes: this.bytes,
			previous: this.comparing ? this.detail.previous : undefined,
			perLine: this.isHex ? this.perLine : undefined,
		});
	}

	private readonly openInEditor = () =>
		this.store.run(this.store.remote.openInEditor(this.detail.row.seq, this.decoding, this.further?.id));

	private readonly save = () => this.store.run(this.store.remote.savePayload(this.detail.row.seq, this.further?.id));

	/** Whether a check of the fields of the payload can be made. */
	private get hasFields(): boolean {
		const { store, detail, further } = this;
		return !further && detail.decodings.includes('json') && canCheck(store, detail.row);
	}

	private readonly check = () => this.store.run(startCheck(this.store, this.detail.row.seq));

	/** Copies the whole payload, not only the part that is shown. */
	private readonly copy = () => {
		const { remote } = this.store;
		const copy = async () => {
			const all = await remote.decode(this.detail.row.seq, this.decoding, maxCopied, undefined, this.further?.id);
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
					? html`<div class="dim">${this.further ? 'Empty.' : 'The payload is empty.'}</div>`
					: html`<mw-lines .text=${text} .language=${language}></mw-lines>`
			}`;
	}

	private changes({ lines, cut }: Difference) {
		const notice = cut ? html`<div class="notice warn">${cut}</div>` : nothing;
		if (lines.every((line) => line.kind === 'same'))
			return html`${notice}<div class="dim">The same as the previous message.</div>`;
		return html`${notice}<mw-lines .language=${languages[this.decoding] ?? 'plaintext'} .changes=${lines}></mw-lines>`;
	}

	private compareButtons(previous: number) {
		const { store, detail, decoding } = this;
		const toggle = () => {
			this.comparing = !this.comparing;
		};
		const compare = () => store.run(store.remote.compare(previous, detail.row.seq, decoding, this.further?.id));
		return html`<button class="tool" aria-pressed=${this.comparing} title="Changes since the previous message"
			aria-label="Changes since the previous message" @click=${toggle}>±</button>
			${toolButton('diff', 'Compare in editor', compare)}`;
	}

	override render() {
		const { detail, further, decoding, difference, decoded } = this;
		const { decodings, coding } = further ?? detail;
		const { previous } = detail;
		const tabs = decodings.map((id) => ({ id, label: decodingNames[id] }));
		return html`<div class="bar">${coding ? codingTag(coding) : nothing}${tabList(further ? `Decoding of ${further.label}` : 'Decoding', tabs, decoding, this.onDecoding)}<span class="grow"></span>
			${previous === undefined ? nothing : this.compareButtons(previous)}
			${this.hasFields ? html`<span class="check">${toolButton('shield', newCheckLabel, this.check)}</span>` : nothing}
			${toolButton('copy', 'Copy', this.copy)}
			${toolButton('go-to-file', 'Open in editor', this.openInEditor)}
			${toolButton('save', 'Save as file', this.save)}</div>
			<div class="probe"></div>
			${difference ? this.changes(difference) : nothing}
			${decoded ? this.content(decoded) : nothing}`;
	}
}
