import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
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
import { productionBadge, productionStyles } from '../../base/production-badge';
import { controls, shared } from '../../base/styles';
import { toolButton } from '../../controls/tool-button';
import '../../fields/fields';
import { firstProblem, usedValues } from '../../fields/values';
import '../detail/answers';
import type { DraftText } from '../saved';
import { type Attached, isOpen, type PanelStore } from '../store';
import './history';
import './ongoing';
import './payload-editor';
import './receipt';
import type { TargetInput } from './target-input';
import './target-input';

const sendKey = navigator.platform.startsWith('Mac') ? '⌘+Enter' : 'Ctrl+Enter';

/** Time between repeats: the least, and the initial one. Milliseconds. */
const minRepeatMs = 10;
const initialRepeatMs = 1000;

const styles = css`
	:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; padding: 6px 8px; gap: 6px; overflow: hidden; container-type: inline-size; }
	.form { display: flex; gap: 12px; flex: 1 1 0; min-height: 0; }
	.left { flex: 3 1 0; min-width: 0; display: flex; flex-direction: column; gap: 4px; }
	.right { flex: 2 1 0; min-width: 0; overflow: auto; padding-inline-end: 2px; }
	.line { display: flex; gap: 6px; align-items: center; }
	mw-payload-editor { flex: 1 1 0; }
	.foot { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; flex: none; }
	.every { width: 76px; }
	@container (max-width: 520px) {
		:host { overflow: auto; }
		.form { flex-direction: column; flex: 1 0 auto; }
		.left, .right { flex: none; overflow: visible; }
		mw-payload-editor { min-height: 160px; }
	}
`;

/** The form that composes a message and sends it. */
@customElement('mw-compose')
export class Compose extends LitElement {
	static override styles = [shared, controls, productionStyles, styles];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ type: Boolean }) production = false;
	@property({ attribute: false }) draft: DraftText | undefined;
	@property({ attribute: false }) attached: Attached | undefined;
	@property({ attribute: false }) history: readonly DraftText[] = [];
	@property({ type: Number }) repeatMs = initialRepeatMs;
	@state() private outcome: { receipt: Receipt } | { failure: Failure } | 'sending' | undefined;
	@state() private tried = false;
	@query('mw-target-input') private targetInput!: TargetInput;
	/** The count of received messages when the answers were last requested. */
	private followed = -1;
	private encoded: Encoded = { bytes: new Uint8Array() };
	private current!: DraftText;

	protected override willUpdate(changed: PropertyValues<this>) {
		this.current = this.draft ?? this.store.draft;
		if (changed.has('draft')) this.encoded = this.encode();
		if (changed.has('status')) void this.follow();
	}

	private get receipt(): Receipt | undefined {
		return typeof this.outcome === 'object' && 'receipt' in this.outcome ? this.outcome.receipt : undefined;
	}

	/** Updates the receipt when further answers arrive. */
	private async follow() {
		const { receipt } = this;
		const { received } = this.status;
		if (receipt?.seq === undefined || received === this.followed || document.hidden) return;
		this.followed = received;
		const detail = await this.store.remote.detail(receipt.seq).catch(() => undefined);
		const newer = detail?.row.receipt;
		if (this.receipt === receipt && newer && newer.answers?.length !== receipt.answers?.length)
			this.outcome = { receipt: { ...newer, seq: receipt.seq } };
	}

	private get format(): PayloadFormat {
		const { format, text } = this.current;
		return format ?? (this.store.describe.textPayloads ? 'text' : recognizedFormat(text));
	}

	private encode(): Encoded {
		const encoded = encodePayload(this.format, this.current.text);
		return 'problem' in encoded && this.current.format === undefined && this.format === 'json'
			? { ...encoded, problem: `${encoded.problem} Choose Text to send it as it is.` }
			: encoded;
	}

	private get verb(): Verb | undefined {
		const { verbs } = this.store.describe;
		return verbs.find((verb) => verb.id === this.current.verb) ?? verbs[0];
	}

	private change(change: Partial<DraftText>) {
		this.outcome = this.outcome === 'sending' ? this.outcome : undefined;
		this.tried = false;
		this.store.keep({ draft: { ...this.current, ...change } });
	}

	focusTarget(payload = false) {
		if (this.targetInput && !payload) this.targetInput.focus();
		else this.renderRoot.querySelector<HTMLElement>('mw-payload-editor')?.focus();
	}

	private targetProblem(verb: Verb): string | undefined {
		if (verb.target === 'none' || (verb.target === 'optional' && this.current.target === '')) return undefined;
		return verb.checkTarget(this.current.target);
	}

	private problem(verb: Verb): string | undefined {
		if (!isOpen(this.status)) return 'Not connected. Connect first.';
		const wrong = this.targetProblem(verb) ?? firstProblem(verb.fields, this.current.values);
		return wrong ?? (!this.attached && 'problem' in this.encoded ? this.encoded.problem : undefined);
	}

	private toDraft(verb: Verb): Draft {
		const { attached, encoded, current } = this;
		const typed = !attached && 'bytes' in encoded ? encoded.bytes : new Uint8Array();
		return {
			verb: verb.id,
			target: verb.target === 'none' ? '' : current.target,
			values: usedValues(verb.fields, current.values),
			payload: attached?.kind === 'bytes' ? attached.bytes : typed,
		};
	}

	private readonly send = async () => {
		const { verb, attached, store } = this;
		this.tried = true;
		if (!verb || this.outcome === 'sending') return;
		if (this.targetProblem(verb)) this.targetInput?.focus();
		if (this.problem(verb)) return;
		this.outcome = 'sending';
		store.remember(this.current);
		try {
			const draft = this.toDraft(verb);
			this.followed = -1;
			const { remote } = store;
			const sent = attached?.kind === 'file' ? remote.sendFile(draft, attached.token) : remote.send(draft);
			this.outcome = { receipt: await sent };
		} catch (error) {
			this.outcome = { failure: toFailure(error) };
		}
	};

	private readonly repeat = () => {
		const { verb, store } = this;
		this.tried = true;
		if (!verb || this.problem(verb) || this.attached?.kind === 'file') return;
		store.remember(this.current);
		store.run(store.remote.repeat(this.toDraft(verb), this.repeatMs));
	};

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
		event.preventDefault();
		void this.send();
	};

	private readonly onField = (key: string, value: FieldValue | undefined) =>
		this.change({ values: { ...this.current.values, [key]: value } });

	private verbs(verb: Verb) {
		const { verbs } = this.store.describe;
		if (verbs.length < 2) return nothing;
		const change = (event: Event) => {
			const chosen = verbs[(event.target as HTMLSelectElement).selectedIndex];
			this.change({ verb: chosen?.id ?? verb.id });
		};
		return html`<select aria-label="Operation" @change=${change}>${verbs.map(
			(one) => html`<option .selected=${one === verb}>${one.label}</option>`,
		)}</select>`;
	}

	private target(verb: Verb, invalid: boolean) {
		if (verb.target === 'none') return nothing;
		const { store, current } = this;
		return html`<mw-target-input class="grow" .store=${store} .value=${current.target}
			.placeholder=${verb.targetPlaceholder ?? store.describe.words.target} .invalid=${invalid}
			.onChange=${(target: string) => this.change({ target })}></mw-target-input>`;
	}

	private tools(verb: Verb) {
		const { store } = this;
		const state = { disabled: this.attached?.kind === 'file' };
		const toFile = () => store.run(store.remote.draftFile(this.toDraft(verb)));
		const copy = () => store.run(store.remote.copyDraft(this.toDraft(verb)));
		return html`<mw-history .history=${this.history} .onChoose=${(draft: DraftText) => store.keep({ draft })}></mw-history>
			${toolButton('edit', 'New Message File from Draft', toFile, state)}
			${toolButton('copy', 'Copy as Code…', copy, state)}`;
	}

	private repeatControls(disabled: boolean) {
		const change = (event: Event) => {
			const ms = Math.round(Number((event.target as HTMLInputElement).value)) || initialRepeatMs;
			this.store.keep({ repeatMs: Math.max(minRepeatMs, ms) });
		};
		return html`<label class="row">every <input class="text every" type="number" min=${minRepeatMs} max="86400000"
			aria-label="Milliseconds between repeats" .value=${String(this.repeatMs)} @change=${change}> ms</label>
			<vscode-button appearance="secondary" ?disabled=${disabled} @click=${this.repeat}>Repeat</vscode-button>`;
	}

	private foot(verb: Verb, wrong: string | undefined, problem: string | undefined) {
		const disabled = this.outcome === 'sending' || (wrong !== undefined && !this.tried && !isOpen(this.status));
		return html`<div class="foot">${this.production ? productionBadge() : nothing}
			<vscode-button title=${`${verb.proves} (${sendKey})`} ?disabled=${disabled} @click=${this.send}>${verb.label}</vscode-button>
			<mw-receipt class="grow" .outcome=${this.outcome} .problem=${problem}></mw-receipt>
			${this.repeatControls(wrong !== undefined || this.attached?.kind === 'file')}</div>`;
	}

	override render() {
		const { store, status, current, verb, receipt } = this;
		if (!verb) return nothing;
		const wrong = this.problem(verb);
		const targetWrong = current.target === '' && !this.tried ? undefined : this.targetProblem(verb);
		return html`<div class="form" @keydown=${this.onKey}>
			<div class="left">
				<div class="line">${this.verbs(verb)}${this.target(verb, targetWrong !== undefined)}${this.tools(verb)}</div>
				${targetWrong ? html`<div class="bad" role="alert">${targetWrong}</div>` : nothing}
				<mw-payload-editor .store=${store} .format=${this.format} .text=${current.text} .encoded=${this.encoded}
					.attached=${this.attached} .onChange=${(change: Partial<DraftText>) => this.change(change)}></mw-payload-editor>
			</div>
			<div class="right"><mw-fields .fields=${verb.fields} .values=${current.values} .onChange=${this.onField}></mw-fields></div>
			</div>
			${this.foot(verb, wrong, this.tried && wrong !== targetWrong ? wrong : undefined)}
			${receipt?.answers ? html`<mw-answers .store=${store} .receipt=${receipt}></mw-answers>` : nothing}
			<mw-ongoing .store=${store} .underway=${status.underway ?? []} .repeats=${status.repeats}></mw-ongoing>`;
	}
}
