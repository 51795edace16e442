import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Failure, toFailure } from '../../../src/base/failure';
import type { ActResult } from '../../../src/model/contracts/browse';
import type { Running, Status } from '../../../src/model/contracts/session';
import type { FieldValue, Values } from '../../../src/model/profile/field';
import { emit, emitFailure } from '../../base/emit';
import '../../fields/fields';
import { controls, shared } from '../../base/styles';
import { count, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import { firstProblem, usedValues } from '../../fields/values';
import type { Session } from '../session';
import type { ActOn } from '../tree/node-menu';

/** What an action is called without the dots that announce a form. */
const nameOf = (label: string) => label.replace(/…$/, '');

/** Actions that are being asked for, that are on their way, and what came of them. */
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
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) status!: Status;
	@state() private asking: ActOn | undefined;
	@state() private values: Values = {};
	@state() private tried = false;
	@state() private result: { name: string; result: ActResult } | { name: string; failure: Failure } | undefined;

	/** Asks for the action's fields if it has some, and starts it. */
	async start(on: ActOn) {
		this.values = {};
		this.tried = false;
		this.asking = undefined;
		if ((on.action.fields ?? []).length === 0) return this.act(on, {});
		this.asking = on;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>('form')?.scrollIntoView({ block: 'nearest' });
		this.renderRoot.querySelector<HTMLElement>('form [data-first]')?.focus();
	}

	private async act({ action, node, messages }: ActOn, values: Values) {
		const name = [nameOf(action.label), node?.name].filter(Boolean).join(': ');
		this.result = undefined;
		try {
			const result = await this.session.remote.act({
				id: `panel-${crypto.randomUUID()}`,
				action: action.id,
				values,
				...(node ? { node: node.id } : {}),
				...(messages ? { messages } : {}),
			});
			this.result = { name, result };
			const last = result.messages?.at(-1);
			if (last !== undefined) emit(this, 'mw-show', last);
		} catch (error) {
			const failure = toFailure(error);
			if (failure.code !== 'cancelled') this.result = { name, failure };
		}
	}

	private readonly submit = (event: Event) => {
		event.preventDefault();
		const { asking } = this;
		this.tried = true;
		const fields = asking?.action.fields ?? [];
		if (!asking || firstProblem(fields, this.withDefaults(asking))) return;
		this.asking = undefined;
		void this.act(asking, usedValues(fields, this.withDefaults(asking)));
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
		const { words } = this.session.describe;
		const wrong = this.tried ? firstProblem(action.fields ?? [], this.withDefaults(on)) : undefined;
		const about = node?.name ?? (messages ? count(messages.length, words.message, words.messages) : '');
		const cancel = () => {
			this.asking = undefined;
		};
		return html`<form @submit=${this.submit} @keydown=${(event: KeyboardEvent) => {
			if (event.key === 'Escape') cancel();
			if (event.key === 'Enter' && (event.composedPath()[0] as Element).localName === 'input') this.submit(event);
		}} @mw-value=${({ detail }: CustomEvent<{ key: string; value: FieldValue | undefined }>) => {
			this.values = { ...this.values, [detail.key]: detail.value };
		}}>
			<h2 tabindex="-1" data-first>${action.icon ? icon(action.icon) : nothing} ${nameOf(action.label)}${about ? html`: ${visible(about)}` : nothing}</h2>
			<mw-fields .fields=${action.fields ?? []} .values=${this.values}></mw-fields>
			${action.sideEffect ? html`<div class="warn">${icon('warning')} ${action.sideEffect}</div>` : nothing}
			${wrong ? html`<div class="bad" role="alert">${wrong}</div>` : nothing}
			<div class="row"><vscode-button @click=${this.submit}>${nameOf(action.label)}</vscode-button><vscode-button appearance="secondary" @click=${cancel}>Cancel</vscode-button></div></form>`;
	}

	private running({ id, text, done }: Running): TemplateResult {
		return html`<div class="line">${icon('watch')}<div class="words" role="status">${visible(text)}
			${done === undefined ? nothing : html`<div class="bar" role="progressbar" aria-valuenow=${Math.round(done * 100)}><div ${place({ width: `${done * 100}%` })}></div></div>`}</div>
			<button class="tool" @click=${() => this.session.remote.stop(id).catch((error) => emitFailure(this, error))}>${icon('debug-stop')} Stop</button></div>`;
	}

	private outcome() {
		const { result } = this;
		if (!result) return nothing;
		const dismiss = html`<button class="tool" title="Dismiss" aria-label="Dismiss" @click=${() => {
			this.result = undefined;
		}}>${icon('close')}</button>`;
		if ('failure' in result) {
			const { message, evidence, remedy } = result.failure;
			return html`<div class="line"><span class="bad">${icon('error')}</span><div class="words" role="alert">${visible(result.name)}: ${visible(message)} <span class="dim">${visible([evidence, remedy?.text].filter(Boolean).join(' – '))}</span></div>${dismiss}</div>`;
		}
		const { text, bad, properties = [] } = result.result;
		return html`<div class="line"><span class=${bad ? 'warn' : 'good'}>${icon(bad ? 'warning' : 'check')}</span><div class="words" role="status">${visible(text)}
			${properties.length > 0 ? html`<dl>${properties.map(({ label, value }) => html`<dt>${visible(label)}</dt><dd>${visible(value)}</dd>`)}</dl>` : nothing}</div>${dismiss}</div>`;
	}

	override render() {
		return html`${this.asking ? this.form(this.asking) : nothing}${this.status.running.map((one) => this.running(one))}${this.outcome()}`;
	}
}
