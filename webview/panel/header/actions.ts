import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../../src/base/failure';
import type { ActResult } from '../../../src/model/contracts/browse';
import type { Running, Status } from '../../../src/model/contracts/session';
import type { Field, FieldValue, Values } from '../../../src/model/profile/field';
import { controls, shared } from '../../base/styles';
import { count, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { toolButton } from '../../controls/tool-button';
import '../../fields/fields';
import type { Fields } from '../../fields/fields';
import { firstWrong, usedValues } from '../../fields/values';
import type { PanelStore } from '../store';
import type { ActOn } from '../views';

/** Milliseconds after which an action that is still running is shown. A line that comes and goes at once only moves the log. */
const shownAfter = 400;

/** The name of an action without the ellipsis that announces a form. */
const nameOf = (label: string) => label.replace(/…$/, '');

/** The form of an action, the actions under way, and the result of the last one. */
@customElement('mw-actions')
export class Actions extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; flex: none; max-height: 50vh; overflow: auto; }
			form, .line { padding: 6px 10px; border-bottom: 1px solid var(--line); }
			form { display: flex; flex-direction: column; gap: 6px; }
			h2 { margin: 0; font-size: 1em; font-weight: 600; }
			.effect, .refusal { display: flex; gap: 6px; line-height: 1.4; max-width: 100ch; }
			.refusal > span:last-child { overflow-wrap: anywhere; user-select: text; }
			.line { display: flex; align-items: flex-start; gap: 8px; line-height: 1.45; }
			.line > .words { flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; user-select: text; }
			.bar { height: 3px; margin-top: 4px; background: var(--vscode-editorWidget-border, var(--line)); }
			.bar > div { height: 100%; background: var(--vscode-progressBar-background); }
			dl { display: grid; grid-template-columns: fit-content(80%) 1fr; gap: 1px 12px; margin: 4px 0 0; }
			dt { color: var(--dim); }
			dd { margin: 0; overflow-wrap: anywhere; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	/** The action whose form is open. It stays open until the action has succeeded. */
	@state() private open: ActOn | undefined;
	@state() private values: Values = {};
	/** Why the form was not accepted: by its own check, or by the peer. */
	@state() private refused: Failure | undefined;
	/** The request of the open form that is under way. */
	@state() private request: string | undefined;
	@state() private result: { name: string; result: ActResult } | { name: string; failure: Failure } | undefined;
	/** The running actions by their id, and whether they have lasted long enough to be shown. */
	private readonly lasting = new Map<string, boolean>();
	@query('form') private readonly formElement!: HTMLElement | null;
	@query('mw-fields') private readonly fieldsElement!: Fields | null;

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('status')) return;
		const ids = this.status.running.map(({ id }) => id);
		for (const id of this.lasting.keys()) if (!ids.includes(id)) this.lasting.delete(id);
		for (const id of ids) if (!this.lasting.has(id)) this.await(id);
	}

	private await(id: string) {
		this.lasting.set(id, false);
		setTimeout(() => {
			if (this.lasting.has(id)) this.lasting.set(id, true);
			this.requestUpdate();
		}, shownAfter);
	}

	private get shown(): readonly Running[] {
		return this.status.running.filter(({ id }) => this.lasting.get(id));
	}

	/** Opens the form of an action, or runs an action without fields at once. */
	async start(on: ActOn) {
		this.result = undefined;
		this.values = on.values ?? {};
		this.refused = undefined;
		this.request = undefined;
		this.open = undefined;
		if (on.action.view) return this.store.openView(on.action.view);
		if ((on.action.fields ?? []).length === 0) return void (await this.act(on, {}));
		// Another form starts with its own elements, so that nothing of the last one is left in it.
		await this.updateComplete;
		this.open = on;
		await this.updateComplete;
		this.formElement?.scrollIntoView({ block: 'nearest' });
		const [first] = on.action.fields ?? [];
		if (first && !(await this.fieldsElement?.focusField(first.key))) this.formElement?.focus();
	}

	/** Resolves with the failure, if any; `cancelled` where the user declined a question. */
	private async act({ action, node, messages, run }: ActOn, values: Values): Promise<Failure | undefined> {
		const name = [nameOf(action.label), node?.name].filter(Boolean).join(': ');
		const id = `panel-${crypto.randomUUID()}`;
		this.result = undefined;
		this.store.say('');
		this.request = id;
		try {
			const request = { id, action: action.id, values, ...(node ? { node: node.id } : {}) };
			const result = run
				? await run(values)
				: await this.store.remote.act({ ...request, ...(messages ? { messages } : {}) });
			if (run) return undefined;
			this.showResult(name, result as ActResult, messages !== undefined);
			return undefined;
		} catch (error) {
			const failure = toFailure(error);
			// The form that is open shows its own refusal.
			if (failure.code !== 'cancelled' && this.request !== id) this.result = { name, failure };
			else if (failure.code !== 'cancelled' && !this.open) this.result = { name, failure };
			return failure;
		} finally {
			if (this.request === id) this.request = undefined;
		}
	}

	/** A sentence about messages of the log stands below the log, where it does not move their rows. */
	private showResult(name: string, result: ActResult, isAboutMessages: boolean) {
		const { bad, properties = [], show, text, messages } = result;
		if (text === '') return;
		const last = messages?.at(-1);
		if (last !== undefined) this.store.showMessage(last);
		const isSentence = !bad && !show && properties.length === 0;
		if (!isAboutMessages || !isSentence || !this.store.say(visible(text))) this.result = { name, result };
	}

	private readonly submit = async (event: Event) => {
		event.preventDefault();
		const { open } = this;
		if (!open || this.request !== undefined) return;
		const fields = open.action.fields ?? [];
		const values = this.withDefaults(open);
		const wrong = firstWrong(fields, values);
		if (wrong) return this.refuse({ code: 'bad-field', message: wrong.text, field: wrong.key });
		this.refused = undefined;
		const failure = await this.act(open, usedValues(fields, values));
		if (this.open !== open) return;
		if (!failure) this.cancel();
		else if (failure.code !== 'cancelled') await this.refuse(failure);
	};

	/** Shows the refusal and moves the focus to the field that it is about. */
	private async refuse(failure: Failure) {
		this.refused = failure;
		await this.updateComplete;
		const isFocused = failure.field !== undefined && (await this.fieldsElement?.focusField(failure.field));
		if (!isFocused) this.formElement?.querySelector<HTMLElement>('.refusal')?.focus();
	}

	private readonly cancel = () => {
		this.open = undefined;
		this.refused = undefined;
	};

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.key === 'Escape') this.cancel();
		if (event.key === 'Enter' && (event.composedPath()[0] as Element).localName === 'input') void this.submit(event);
	};

	private readonly onField = (key: string, value: FieldValue | undefined) => {
		this.values = { ...this.values, [key]: value };
		if (this.refused?.field === undefined || this.refused.field === key) this.refused = undefined;
	};

	private withDefaults({ action }: ActOn): Values {
		const values: Values = { ...this.values };
		for (const field of action.fields ?? [])
			if (values[field.key] === undefined && 'default' in field && field.default !== undefined)
				values[field.key] = field.default;
		return values;
	}

	/** A refusal that belongs to none of the fields stands above them. */
	private refusal(fields: readonly Field[]): TemplateResult | typeof nothing {
		const { refused } = this;
		if (!refused || fields.some(({ key }) => key === refused.field)) return nothing;
		const more = [refused.evidence, refused.remedy?.text].filter(Boolean).join(' – ');
		return html`<div class="refusal" tabindex="-1" role="alert"><span class="bad">${icon('error')}</span>
			<span>${visible(refused.message)} <span class="dim">${visible(more)}</span></span></div>`;
	}

	private form(on: ActOn): TemplateResult {
		const { action, node, messages } = on;
		const { words } = this.store.describe;
		const fields = action.fields ?? [];
		const object = node?.name ?? (messages ? count(messages.length, words.message, words.messages) : '');
		const name = nameOf(action.label);
		const { refused } = this;
		const refusals = refused?.field === undefined ? {} : { [refused.field]: visible(refused.message) };
		const isBusy = this.request !== undefined;
		const removes = action.group === 'remove';
		const effect = () =>
			html`<div class=${removes ? 'effect warn' : 'effect dim'}>${icon(removes ? 'warning' : 'info')}
				<span>${action.sideEffect}</span></div>`;
		return html`<form tabindex="-1" aria-label=${name} @submit=${this.submit} @keydown=${this.onKey}>
			<h2>${action.icon ? icon(action.icon) : nothing} ${name}${object ? `: ${visible(object)}` : ''}</h2>
			${this.refusal(fields)}
			<mw-fields ?inert=${isBusy} .fields=${fields} .values=${this.values} .refusals=${refusals}
				.pickBytes=${this.store.pickBytes} .onChange=${this.onField}></mw-fields>
			${action.sideEffect ? effect() : nothing}
			<div class="row"><vscode-button ?disabled=${isBusy} @click=${this.submit}>${name}</vscode-button>
				<vscode-button appearance="secondary" @click=${this.cancel}>${isBusy ? 'Close' : 'Cancel'}</vscode-button></div></form>`;
	}

	/** Whether the form is hidden, because its action reports its progress below. */
	private get isUnderWay(): boolean {
		return this.shown.some(({ id, done }) => id === this.request && done !== undefined);
	}

	private running({ id, text, done }: Running): TemplateResult {
		const { store } = this;
		const bar = (part: number) =>
			html`<div class="bar" role="progressbar" aria-valuenow=${Math.round(part * 100)}>
				<div ${place({ width: `${part * 100}%` })}></div></div>`;
		return html`<div class="line">${icon('watch')}<div class="words" role="status">${visible(text)}
				${done === undefined ? nothing : bar(done)}</div>
			<button class="tool" @click=${() => store.run(store.remote.stop(id))}>${icon('debug-stop')} Stop</button></div>`;
	}

	private line(style: string, name: string, role: 'alert' | 'status', content: TemplateResult) {
		const dismiss = () => {
			this.result = undefined;
		};
		return html`<div class="line"><span class=${style}>${icon(name)}</span>
			<div class="words" role=${role}>${content}</div>${toolButton('close', 'Dismiss', dismiss)}</div>`;
	}

	private outcome() {
		const { result } = this;
		if (!result) return nothing;
		if ('failure' in result) {
			const { message, evidence, remedy } = result.failure;
			const more = visible([evidence, remedy?.text].filter(Boolean).join(' – '));
			const text = html`${visible(result.name)}: ${visible(message)} <span class="dim">${more}</span>`;
			return this.line('bad', 'error', 'alert', text);
		}
		const { text, bad, properties = [], show } = result.result;
		const receive = () => {
			this.result = undefined;
			if (show) this.store.subscribe(show);
		};
		const button = () => html` <button class="link" @click=${receive}>Show</button>`;
		const lines = properties.map(({ label, value }) => html`<dt>${visible(label)}</dt><dd>${visible(value)}</dd>`);
		const content = html`${visible(text)}${show ? button() : nothing}${lines.length > 0 ? html`<dl>${lines}</dl>` : nothing}`;
		return bad ? this.line('warn', 'warning', 'status', content) : this.line('good', 'check', 'status', content);
	}

	override render() {
		return html`${this.open && !this.isUnderWay ? this.form(this.open) : nothing}
			${this.shown.map((one) => this.running(one))}${this.outcome()}`;
	}
}
