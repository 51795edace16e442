import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Decoded, Decoding, Detail, Difference } from '../../../src/model/contracts/message';
import { emit, emitFailure } from '../../base/emit';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { number } from '../../base/words';
import { icon } from '../../controls/icons';
import './lines';
import type { Session } from '../session';

/** Shown at first, and the most that "Show more" asks for: beyond that the editor is the place. Bytes. */
const first = 256 * 1024;
const most = 4 * 1024 * 1024;

export const decodingWords: Record<Decoding, string> = {
	json: 'JSON',
	text: 'Text',
	hex: 'Hex',
	base64: 'Base64',
	cbor: 'CBOR',
	msgpack: 'MessagePack',
	'link-format': 'Link format',
	senml: 'SenML',
	xml: 'XML',
};

interface Wanted {
	seq: number;
	decoding: Decoding;
	bytes: number;
	previous: number | undefined;
}

/** The payload in one of its decodings, or what is new in it. Says `mw-decoding` when the user chooses one. */
@customElement('mw-payload')
export class Payload extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; }
			.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 2px; margin: 4px 0; position: sticky; top: 0; z-index: 1; background: var(--vscode-editor-background); }
			.notice { padding: 4px 8px; margin: 4px 0; color: var(--dim); border-inline-start: 3px solid var(--line); }
			.notice.warn { color: var(--warn); border-color: var(--warn); }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) detail!: Detail;
	@property() decoding!: Decoding;
	@state() private comparing = false;
	@state() private decoded: Decoded | undefined;
	@state() private difference: Difference | undefined;
	private bytes = first;
	private readonly questions = new Latest<Wanted, { decoded: Decoded } | { difference: Difference }>(
		async ({ seq, decoding, bytes, previous }) =>
			previous === undefined
				? { decoded: await this.session.remote.decode(seq, decoding, bytes) }
				: { difference: await this.session.remote.diff(seq, previous, decoding) },
		(answer, wanted) => {
			if (wanted.seq !== this.detail.row.seq) return;
			this.decoded = 'decoded' in answer ? answer.decoded : undefined;
			this.difference = 'difference' in answer ? answer.difference : undefined;
		},
		(error) => emitFailure(this, error),
	);

	protected override willUpdate(changed: PropertyValues<this>) {
		const other = changed.get('detail')?.row.seq !== this.detail.row.seq;
		if (changed.has('detail') && other) this.bytes = first;
		if (this.detail.previous === undefined) this.comparing = false;
		if ((changed.has('detail') && other) || changed.has('decoding') || changed.has('comparing' as keyof Payload))
			this.ask();
	}

	private ask() {
		this.questions.want({
			seq: this.detail.row.seq,
			decoding: this.decoding,
			bytes: this.bytes,
			previous: this.comparing ? this.detail.previous : undefined,
		});
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!by) return;
		const { decodings } = this.detail;
		const to = decodings[(decodings.indexOf(this.decoding) + by + decodings.length) % decodings.length];
		if (to) emit(this, 'mw-decoding', to);
		requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
	};

	private more() {
		const { row } = this.detail;
		const { remote } = this.session;
		const { decoded } = this;
		if (!decoded || decoded.shownBytes >= decoded.totalBytes) return nothing;
		const failed = (error: unknown) => emitFailure(this, error);
		return html`<div class="notice">Showing ${number(decoded.shownBytes)} of ${number(decoded.totalBytes)} bytes.
			${
				this.bytes < most
					? html`<button class="link" @click=${() => {
							this.bytes = Math.min(this.bytes * 4, most);
							this.ask();
						}}>Show more</button> · `
					: nothing
			}<button class="link" @click=${() => remote.openInEditor(row.seq, this.decoding).catch(failed)}>Open in the editor</button> ·
			<button class="link" @click=${() => remote.savePayload(row.seq).catch(failed)}>Save as a file</button></div>`;
	}

	override render() {
		const { detail, session, decoding } = this;
		const { seq } = detail.row;
		const failed = (error: unknown) => emitFailure(this, error);
		const { remote } = session;
		const tool = (name: string, words: string, run: () => unknown) =>
			html`<button class="tool" title=${words} aria-label=${words} @click=${run}>${icon(name)}</button>`;
		return html`<div class="bar"><div role="tablist" aria-label="Decoding" @keydown=${this.onKey}>${detail.decodings.map(
			(one) =>
				html`<button role="tab" aria-selected=${one === decoding} tabindex=${one === decoding ? 0 : -1} @click=${() => emit(this, 'mw-decoding', one)}>${decodingWords[one]}</button>`,
		)}</div><span class="grow"></span>
			${
				detail.previous === undefined
					? nothing
					: html`<button class="tool" aria-pressed=${this.comparing} title="What is new since the previous message here" aria-label="Changes since the previous message" @click=${() => {
							this.comparing = !this.comparing;
						}}>±</button>${tool('diff', 'Compare in the editor', () => remote.compare(detail.previous ?? seq, seq, decoding).catch(failed))}`
			}
			${tool('copy', 'Copy', () => this.copy())}
			${tool('go-to-file', 'Open in the editor', () => remote.openInEditor(seq, decoding).catch(failed))}
			${tool('save', 'Save as a file', () => remote.savePayload(seq).catch(failed))}</div>
			${this.difference ? this.changes(this.difference) : nothing}
			${
				this.decoded
					? html`${this.decoded.problem ? html`<div class="notice warn">${this.decoded.problem}</div>` : nothing}${this.more()}
					${this.decoded.totalBytes === 0 ? html`<div class="dim">The payload is empty.</div>` : html`<mw-lines .text=${this.decoded.text} .language=${this.decoded.language}></mw-lines>`}`
					: nothing
			}`;
	}

	private changes({ lines, cut }: Difference) {
		const notice = cut ? html`<div class="notice warn">${cut}</div>` : nothing;
		if (lines.every((line) => line.kind === 'same'))
			return html`${notice}<div class="dim">The same as the previous message.</div>`;
		return html`${notice}<mw-lines language=${this.decoding === 'json' ? 'json' : 'plaintext'} .text=${lines.map((line) => line.text).join('\n')}
			.kinds=${lines.map((line) => line.kind)}></mw-lines>`;
	}

	/** The whole payload, not only what is shown, as far as the clipboard's limit allows. */
	private async copy() {
		const { remote } = this.session;
		try {
			const all = await remote.decode(this.detail.row.seq, this.decoding, 16 * 1024 * 1024);
			await remote.copy(all.text);
		} catch (error) {
			emitFailure(this, error);
		}
	}
}
