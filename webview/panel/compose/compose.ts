import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toFailure } from '../../../src/base/failure';
import type { Draft, Receipt } from '../../../src/model/contracts/message';
import type { Status } from '../../../src/model/contracts/session';
import type { FieldValue } from '../../../src/model/profile/field';
import type { Verb } from '../../../src/protocols/description';
import { controls, shared } from '../../base/styles';
import type { Fields } from '../../fields/fields';
import '../../fields/fields';
import { usedValues } from '../../fields/values';
import '../detail/answers';
import type { DraftText } from '../saved';
import type { PanelStore } from '../store';
import type { Attached } from './compose-store';
import './history';
import './ongoing';
import type { PayloadEditor } from './payload-editor';
import './payload-editor';
import { notOpen, targetProblem, wrongPart } from './problems';
import { type ReadDraft, readDraft } from './read-draft';
import type { Outcome } from './receipt';
import { type DraftActions, initialRepeatMs } from './send-bar';
import './send-bar';
import type { TargetInput } from './target-input';
import './target-input';

const styles = css`
	:host { display: flex; flex-direction: column; min-height: 0; min-width: 0; padding: 6px 8px; gap: 6px; overflow: hidden; container-type: inline-size; }
	.all { display: flex; flex-direction: column; gap: 6px; flex: 1 1 auto; min-height: 0; }
	.form { display: flex; gap: 12px; flex: 1 1 auto; min-height: 0; overflow: auto; }
	.left { flex: 3 1 0; min-width: 0; display: flex; flex-direction: column; gap: 4px; }
	.right { flex: 2 1 0; min-width: 0; padding-inline-end: 2px; }
	.fields-only .left { flex: 1 1 0; gap: 6px; }
	.line { display: flex; gap: 6px; align-items: center; }
	.line select { flex: 0 1 auto; min-width: 0; text-overflow: ellipsis; }
	.line mw-target-input { min-width: 50%; }
	mw-payload-editor { flex: 1 1 auto; }
	/* In a narrow panel the fields follow below the payload. */
	@container (max-width: 583px) {
		.form { flex-direction: column; }
		.left { flex: 1 0 auto; }
		.right { flex: none; }
		mw-payload-editor { min-height: 120px; }
	}
`;

/** The form that composes a message and sends it. */
@customElement('mw-compose')
export class Compose extends LitElement {
	static override styles = [shared, controls, styles];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	@property({ type: Boolean }) production = false;
	@property({ attribute: false }) draft: DraftText | undefined;
	@property({ attribute: false }) attached: Attached | undefined;
	@property({ attribute: false }) history: readonly DraftText[] = [];
	@property({ type: Number }) repeatMs = initialRepeatMs;
	@state() private outcome: Outcome | undefined;
	@state() private tried = false;
	@query('mw-target-input') private targetInput!: TargetInput | null;
	@query('mw-payload-editor') private editor!: PayloadEditor | null;
	@query('mw-fields') private fieldGrid!: Fields | null;
	/** The count of received messages when the answers were last requested. */
	private followed = -1;
	private current!: DraftText;
	private read!: ReadDraft;

	protected override willUpdate(changed: PropertyValues<this>) {
		this.current = this.draft ?? this.store.compose.draft;
		const { verb } = this;
		if (verb && (!this.read || changed.has('draft') || changed.has('attached')))
			this.read = readDraft(this.store.describe, verb, this.current, this.attached);
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
		else this.editor?.focus();
	}

	private toDraft(verb: Verb): Draft {
		return {
			verb: verb.id,
			target: verb.target === 'none' ? '' : this.current.target,
			values: usedValues(verb.fields, this.read.values),
			payload: this.read.bytes ?? new Uint8Array(),
		};
	}

	/** Whether the draft can be sent. If not, shows why and moves the focus there. */
	private check(verb: Verb): boolean {
		const { store, current, read } = this;
		const encoded = this.attached ? undefined : read.encoded;
		const wrong = wrongPart(store, { verb, target: current.target, values: read.values, encoded });
		this.tried = true;
		if (this.outcome !== 'sending') this.outcome = undefined;
		if (wrong === 'target') this.targetInput?.focus();
		else if (wrong === 'fields') void this.fieldGrid?.focusProblem();
		else if (wrong === 'payload') this.editor?.focusProblem();
		return wrong === undefined;
	}

	private readonly send = async () => {
		const { verb, attached, store } = this;
		if (!verb || this.outcome === 'sending' || !this.check(verb)) return;
		this.outcome = 'sending';
		store.compose.remember(this.current);
		try {
			const draft = this.toDraft(verb);
			this.followed = -1;
			const { remote } = store;
			const isFile = attached?.kind === 'file' && !verb.noPayload;
			this.outcome = { receipt: await (isFile ? remote.sendFile(draft, attached.token) : remote.send(draft)) };
			store.set({ failure: undefined });
		} catch (error) {
			this.outcome = { failure: toFailure(error) };
		}
	};

	private readonly repeat = () => {
		const { verb, store } = this;
		if (!verb || this.attached?.kind === 'file' || !this.check(verb)) return;
		store.compose.remember(this.current);
		store.run(store.remote.repeat(this.toDraft(verb), this.repeatMs));
	};

	private readonly sendFile = () => {
		const { store } = this;
		const pickAndSend = async () => {
			const file = await store.remote.pickFile();
			if (!file) return;
			store.compose.attach({ kind: 'file', ...file });
			await new Promise(requestAnimationFrame);
			await this.updateComplete;
			await this.send();
		};
		store.run(pickAndSend());
	};

	private actions(verb: Verb): DraftActions {
		const { store, send, sendFile, repeat } = this;
		const isFile = this.attached?.kind === 'file';
		return {
			send,
			sendFile,
			repeat,
			setRepeatMs: (repeatMs) => store.keep({ repeatMs }),
			save: isFile ? undefined : () => store.run(store.remote.draftFile(this.toDraft(verb))),
			copy: isFile ? undefined : () => store.run(store.remote.copyDraft(this.toDraft(verb))),
		};
	}

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
		if (verb.target === 'none') return html`<span class="grow"></span>`;
		const { store, current } = this;
		return html`<mw-target-input class="grow" .store=${store} .value=${current.target}
			.placeholder=${verb.targetPlaceholder ?? store.describe.words.target} .invalid=${invalid}
			.onChange=${(target: string) => this.change({ target })}></mw-target-input>`;
	}

	private head(verb: Verb) {
		const { store, current, tried } = this;
		const wrong = current.target === '' && !tried ? undefined : targetProblem(verb, current.target);
		return html`<div class="line">${this.verbs(verb)}${this.target(verb, wrong !== undefined)}
				<mw-history .history=${this.history} .onChoose=${(draft: DraftText) => store.keep({ draft })}></mw-history></div>
			${wrong ? html`<div class="bad" role="alert">${wrong}</div>` : nothing}`;
	}

	private payload() {
		const { store, current, read, attached, tried } = this;
		const { format, formats, encoded } = read;
		const recognized = current.format === undefined && format === 'json';
		return html`<mw-payload-editor .store=${store} .format=${format} .formats=${formats} .recognized=${recognized}
			.text=${current.text} .encoded=${encoded} .attached=${attached} .submitted=${tried}
			.onChange=${(change: Partial<DraftText>) => this.change(change)}></mw-payload-editor>`;
	}

	private form(verb: Verb) {
		const fields = html`<mw-fields .fields=${verb.fields} .values=${this.read.values} .submitted=${this.tried}
			.pickBytes=${this.store.pickBytes} .onChange=${this.onField}></mw-fields>`;
		if (verb.noPayload)
			return html`<div class="form fields-only"><div class="left">${this.head(verb)}${fields}</div></div>`;
		return html`<div class="form"><div class="left">${this.head(verb)}${this.payload()}</div>
			${verb.fields.length > 0 ? html`<div class="right">${fields}</div>` : nothing}</div>`;
	}

	override render() {
		const { store, status, verb, receipt, tried } = this;
		if (!verb) return nothing;
		return html`<div class="all" @keydown=${this.onKey}>${this.form(verb)}
			<mw-send-bar .verb=${verb} .production=${this.production} .outcome=${this.outcome}
				.notice=${tried ? notOpen(store) : undefined} .repeatMs=${this.repeatMs} .actions=${this.actions(verb)}></mw-send-bar></div>
			${receipt?.answers ? html`<mw-answers .store=${store} .receipt=${receipt}></mw-answers>` : nothing}
			<mw-ongoing .store=${store} .underway=${status.underway ?? []} .repeats=${status.repeats}></mw-ongoing>`;
	}
}
