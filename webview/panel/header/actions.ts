import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../../src/base/failure';
import type { ActResult } from '../../../src/model/contracts/browse';
import type { Running, Status } from '../../../src/model/contracts/session';
import type { FieldValue, Values } from '../../../src/model/profile/field';
import { controls, shared } from '../../base/styles';
import { count, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { toolButton } from '../../controls/tool-button';
import '../../fields/fields';
import { firstProblem, usedValues } from '../../fields/values';
import type { ActOn, PanelStore } from '../store';

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
			.line { display: flex; align-items: flex-start; gap: 8px; line-height: 1.45; }
			.line > .words { flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; user-select: text; }
			.bar { height: 3px; margin-top: 4px; background: var(--vscode-editorWidget-border, var(--line)); }
			.bar > div { height: 100%; background: var(--vscode-progressBar-background); }
			dl { display: grid; grid-template-columns: max-content 1fr; gap: 1px 12px; margin: 4px 0 0; }
			dt { color: var(--dim); }
			dd { margin: 0; overflow-wrap: anywhere; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) status!: Status;
	/** The action whose form is open. */
	@state() private open: ActOn | undefined;
	@state() private values: Values = {};
	@state() private tried = false;
	@state() private result: { name: string; result: ActResult } | { name: string; failure: Failure } | undefined;

	/** Opens the form of an action, or runs an action without fields at once. */
	async start(on: ActOn) {
		this.values = {};
		this.tried = false;
		this.open = undefined;
		if ((on.action.fields ?? []).length === 0) return this.act(on, {});
		this.open = on;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>('form')?.scrollIntoView({ block: 'nearest' });
		this.renderRoot.querySelector<HTMLElement>('form [data-first]')?.focus();
	}

	private async act({ action, node, messages }: ActOn, values: Values) {
		const name = [nameOf(action.label), node?.name].filter(Boolean).join(': ');
		this.result = undefined;
		try {
			const result = await this.store.remote.act({
				id: `panel-${crypto.randomUUID()}`,
				action: action.id,
				values,
				...(node ? { node: node.id } : {}),
				...(messages ? { messages } : {}),
			});
			this.result = { name, result };
			const last = result.messages?.at(-1);
			if (last !== undefined) this.store.showMessage(last);
		} catch (error) {
			const failure = toFailure(error);
			if (failure.code !== 'cancelled') this.result = { name, failure };
		}
	}

	private readonly submit = (event: Event) => {
		event.preventDefault();
		const { open } = this;
		this.tried = true;
		const fields = open?.action.fields ?? [];
		if (!open || firstProblem(fields, this.withDefaults(open))) return;
		this.open = undefined;
		void this.act(open, usedValues(fields, this.withDefaults(open)));
	};

	private readonly cancel = () => {
		this.open = undefined;
	};

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.key === 'Escape') this.cancel();
		if (event.key === 'Enter' && (event.composedPath()[0] as Element).localName === 'input') this.submit(event);
	};

	private readonly onField = (key: string, value: FieldValue | undefined) => {
		this.values = { ...this.values, [key]: value };
	};

	private withDefaults({ action }: ActOn): Values {
		const values: Values = { ...this.values };
		for (const field of action.fields ?? [])
			if (values[field.key] === undefined && 'default' in field && field.default !== undefined)
				values[field.key] = field.default;
		return values;
	}

	private form(on: ActOn): TemplateResult {
		const { action, node, messages } = on;
		const { words } = this.store.describe;
		const wrong = this.tried ? firstProblem(action.fields ?? [], this.withDefaults(on)) : undefined;
		const object = node?.name ?? (messages ? count(messages.length, words.message, words.messages) : '');
		const name = nameOf(action.label);
		return html`<form @submit=${this.submit} @keydown=${this.onKey}>
			<h2 tabindex="-1" data-first>${action.icon ? icon(action.icon) : nothing} ${name}${object ? `: ${visible(object)}` : ''}</h2>
			<mw-fields .fields=${action.fields ?? []} .values=${this.values} .submitted=${this.tried} .onChange=${this.onField}></mw-fields>
			${action.sideEffect ? html`<div class="warn">${icon('warning')} ${action.sideEffect}</div>` : nothing}
			${wrong ? html`<div class="bad" role="alert">${wrong}</div>` : nothing}
			<div class="row"><vscode-button @click=${this.submit}>${name}</vscode-button>
				<vscode-button appearance="secondary" @click=${this.cancel}>Cancel</vscode-button></div></form>`;
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
		const { text, bad, properties = [] } = result.result;
		const lines = properties.map(({ label, value }) => html`<dt>${visible(label)}</dt><dd>${visible(value)}</dd>`);
		const content = html`${visible(text)}${lines.length > 0 ? html`<dl>${lines}</dl>` : nothing}`;
		return bad ? this.line('warn', 'warning', 'status', content) : this.line('good', 'check', 'status', content);
	}

	override render() {
		return html`${this.open ? this.form(this.open) : nothing}
			${this.status.running.map((one) => this.running(one))}${this.outcome()}`;
	}
}
