import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../../src/base/failure';
import type { Draft, Receipt } from '../../../src/model/contracts/message';
import {
	type Encoded,
	encodePayload,
	type PayloadFormat,
	recognizedFormat,
} from '../../../src/model/contracts/payload';
import type { Status } from '../../../src/model/contracts/session';
import type { FieldValue } from '../../../src/model/profile/field';
import type { Verb } from '../../../src/protocols/description';
import { emit, emitFailure } from '../../base/emit';
import { icon } from '../../controls/icons';
import '../../fields/fields';
import { productionBadge, productionStyles } from '../../base/production-badge';
import { controls, shared } from '../../base/styles';
import { firstProblem, usedValues } from '../../fields/values';
import { composeStyles } from './compose-styles';
import '../detail/answers';
import './history';
import type { Attached } from './payload-editor';
import './payload-editor';
import './receipt';
import './repeats';
import type { DraftText } from '../saved';
import { isOpen, type Session } from '../session';
import type { TargetInput } from './target-input';
import './target-input';
import './progress';

const isMac = navigator.platform.startsWith('Mac');

/** Writes a message and sends it. Says `mw-draft` with every change and `mw-sent` with what was sent. */
@customElement('mw-compose')
export class Compose extends LitElement {
	static override styles = [shared, controls, productionStyles, composeStyles];
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@property({ type: Boolean }) production = false;
	@property({ attribute: false }) draft: DraftText | undefined;
	@property({ attribute: false }) history: readonly DraftText[] = [];
	@property({ type: Number }) repeatMs = 1000;
	@state() private attached: Attached | undefined;
	@state() private outcome: { receipt: Receipt } | { failure: Failure } | 'sending' | undefined;
	@state() private tried = false;
	@query('mw-target-input') private targetInput!: TargetInput;
	/** What had been received when the answers were looked for. */
	private followed = -1;
	private encoded: Encoded = { bytes: new Uint8Array() };
	private current!: DraftText;

	protected override willUpdate(changed: PropertyValues<this>) {
		const [first] = this.session.describe.verbs;
		this.current = this.draft ?? { verb: first?.id ?? '', target: '', values: {}, text: '' };
		if (changed.has('draft')) this.encoded = this.encode();
		if (changed.has('status')) void this.follow();
	}

	/** Answers may come after the receipt. */
	private async follow() {
		const receipt = typeof this.outcome === 'object' && 'receipt' in this.outcome ? this.outcome.receipt : undefined;
		const { received } = this.status;
		if (receipt?.seq === undefined || received === this.followed || document.hidden) return;
		this.followed = received;
		const now = await this.session.remote.detail(receipt.seq).catch(() => undefined);
		const same = typeof this.outcome === 'object' && 'receipt' in this.outcome && this.outcome.receipt === receipt;
		const is = now?.row.receipt;
		if (same && is && is.answers?.length !== receipt.answers?.length)
			this.outcome = { receipt: { ...is, seq: receipt.seq } };
	}

	private get format(): PayloadFormat {
		const { format, text } = this.current;
		return format ?? (this.session.describe.textPayloads ? 'text' : recognizedFormat(text));
	}

	private encode(): Encoded {
		const encoded = encodePayload(this.format, this.current.text);
		return 'problem' in encoded && this.current.format === undefined && this.format === 'json'
			? { ...encoded, problem: `${encoded.problem} Choose Text to send it as it is.` }
			: encoded;
	}

	private get verb(): Verb | undefined {
		const { verbs } = this.session.describe;
		return verbs.find((verb) => verb.id === this.current.verb) ?? verbs[0];
	}

	private change(change: Partial<DraftText>) {
		this.outcome = this.outcome === 'sending' ? this.outcome : undefined;
		this.tried = false;
		emit(this, 'mw-draft', { ...this.current, ...change });
	}

	/** A message from the log, to be sent again: its bytes, where they do not fit an editor. */
	attach(name: string, bytes: Uint8Array) {
		this.attached = { kind: 'bytes', name, size: bytes.length, bytes };
	}

	detach() {
		this.attached = undefined;
	}

	focusTarget() {
		if (this.targetInput) this.targetInput.focus();
		else this.renderRoot.querySelector<HTMLElement>('mw-payload-editor')?.focus();
	}

	private targetProblem(verb: Verb): string | undefined {
		if (verb.target === 'none' || (verb.target === 'optional' && this.current.target === '')) return undefined;
		return verb.checkTarget(this.current.target);
	}

	private problem(verb: Verb): string | undefined {
		if (!isOpen(this.status)) return 'Not connected: connect first.';
		const wrong = this.targetProblem(verb) ?? firstProblem(verb.fields, this.current.values);
		return wrong ?? (!this.attached && 'problem' in this.encoded ? this.encoded.problem : undefined);
	}

	private make(verb: Verb): Draft {
		const { attached, encoded, current } = this;
		const payload =
			attached?.kind === 'bytes' ? attached.bytes : !attached && 'bytes' in encoded ? encoded.bytes : new Uint8Array();
		return {
			verb: verb.id,
			target: verb.target === 'none' ? '' : current.target,
			values: usedValues(verb.fields, current.values),
			payload,
		};
	}

	private readonly send = async () => {
		const { verb } = this;
		this.tried = true;
		if (!verb || this.outcome === 'sending') return;
		if (this.targetProblem(verb)) this.targetInput?.focus();
		if (this.problem(verb)) return;
		const { attached } = this;
		const { remote } = this.session;
		this.outcome = 'sending';
		emit(this, 'mw-sent', this.current);
		try {
			const draft = this.make(verb);
			this.followed = -1;
			this.outcome = {
				receipt: attached?.kind === 'file' ? await remote.sendFile(draft, attached.token) : await remote.send(draft),
			};
		} catch (error) {
			this.outcome = { failure: toFailure(error) };
		}
	};

	private readonly repeat = async () => {
		const { verb } = this;
		this.tried = true;
		if (!verb || this.problem(verb) || this.attached?.kind === 'file') return;
		emit(this, 'mw-sent', this.current);
		await this.session.remote.repeat(this.make(verb), this.repeatMs).catch((error) => emitFailure(this, error));
	};

	/** Elsewhere than to the peer; what is unfinished may be kept too. */
	private keep(how: 'draftFile' | 'copyDraft', verb: Verb) {
		this.session.remote[how](this.make(verb)).catch((error) => emitFailure(this, error));
	}

	private readonly pick = async () => {
		const file = await this.session.remote.pickFile().catch((error) => emitFailure(this, error));
		if (file) this.attached = { kind: 'file', ...file };
	};

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
		event.preventDefault();
		void this.send();
	};

	override render() {
		const { session, current, verb } = this;
		const { words, verbs } = session.describe;
		if (!verb) return nothing;
		const wrong = this.problem(verb);
		const targetWrong = current.target === '' && !this.tried ? undefined : this.targetProblem(verb);
		const sending = this.outcome === 'sending';
		return html`<div class="form" @keydown=${this.onKey}
			@mw-value=${({ detail }: CustomEvent<{ key: string; value: FieldValue | undefined }>) => this.change({ values: { ...current.values, [detail.key]: detail.value } })}>
			<div class="left">
				<div class="line">
					${verbs.length > 1 ? html`<select aria-label="What to do" @change=${(event: Event) => this.change({ verb: verbs[(event.target as HTMLSelectElement).selectedIndex]?.id ?? verb.id })}>${verbs.map((one) => html`<option .selected=${one === verb}>${one.label}</option>`)}</select>` : nothing}
					${
						verb.target === 'none'
							? nothing
							: html`<mw-target-input class="grow" .session=${session} .value=${current.target} .placeholder=${verb.targetPlaceholder ?? words.target} .invalid=${targetWrong !== undefined}
						@mw-target=${(event: CustomEvent<string>) => this.change({ target: event.detail })}></mw-target-input>`
					}
					<mw-history .history=${this.history} .words=${words}></mw-history>
					<button class="tool" title="New message file from this" aria-label="New message file from this" ?disabled=${this.attached?.kind === 'file'} @click=${() => this.keep('draftFile', verb)}>${icon('edit')}</button>
					<button class="tool" title="Copy as a command line or a program" aria-label="Copy as a command line or a program" ?disabled=${this.attached?.kind === 'file'} @click=${() => this.keep('copyDraft', verb)}>${icon('copy')}</button>
				</div>
				${targetWrong ? html`<div class="bad" role="alert">${targetWrong}</div>` : nothing}
				<mw-payload-editor .format=${this.format} .text=${current.text} .encoded=${this.encoded} .attached=${this.attached}
					@mw-payload-change=${(event: CustomEvent<{ format?: PayloadFormat; text?: string }>) => this.change(event.detail)}
					@mw-pick-file=${this.pick} @mw-detach=${() => this.detach()}></mw-payload-editor>
			</div>
			<div class="right"><mw-fields .fields=${verb.fields} .values=${current.values}></mw-fields></div>
			</div>
			<div class="foot">${this.production ? productionBadge() : nothing}<vscode-button title=${`${verb.proves} (${isMac ? '⌘' : 'Ctrl'}+Enter)`} ?disabled=${sending || (wrong !== undefined && !this.tried && !isOpen(this.status))} @click=${this.send}>${verb.label}</vscode-button>
				<mw-receipt class="grow" .outcome=${this.outcome} .problem=${this.tried && wrong !== targetWrong ? wrong : undefined}></mw-receipt>
				<label class="row">every <input class="text every" type="number" min="10" max="86400000" aria-label="Milliseconds between repeats" .value=${String(this.repeatMs)}
					@change=${(event: Event) => emit(this, 'mw-repeat-ms', Math.max(10, Math.round(Number((event.target as HTMLInputElement).value)) || 1000))}> ms</label>
				<vscode-button appearance="secondary" ?disabled=${wrong !== undefined || this.attached?.kind === 'file'} @click=${this.repeat}>Repeat</vscode-button></div>
			<mw-underway .session=${session} .underway=${this.status.underway ?? []}></mw-underway>
			${typeof this.outcome === 'object' && 'receipt' in this.outcome && this.outcome.receipt.answers ? html`<mw-answers .session=${session} .receipt=${this.outcome.receipt}></mw-answers>` : nothing}
			<mw-repeats .session=${session} .repeats=${this.status.repeats}></mw-repeats>`;
	}
}
