import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Field, FieldValue, Values } from '../../../src/model/profile/field';
import type { Mode } from '../../../src/protocols/description';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { capital } from '../../base/words';
import { icon } from '../../controls/icons';
import '../../fields/fields';
import { firstProblem, usedValues } from '../../fields/values';
import type { PanelStore } from '../store';

/** Maximum number of completions of the target. */
const maxCompleted = 30;

/** The form of a new subscription: mode of receiving, target and the fields of both. */
@customElement('mw-subscribe-form')
export class SubscribeForm extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; min-width: 0; }
			.modes { display: flex; flex-wrap: wrap; gap: 4px; }
			.mode { display: inline-flex; align-items: center; gap: 5px; padding: 2px 8px 2px 4px; border: 1px solid var(--line); border-radius: 3px; cursor: pointer; }
			.mode.on { color: var(--vscode-inputOption-activeForeground); background: var(--vscode-inputOption-activeBackground);
				border-color: var(--vscode-inputOption-activeBorder, var(--line)); }
			.mode:focus-within { outline: 1px solid var(--vscode-focusBorder); }
			.target { display: flex; flex-direction: column; gap: 3px; }
			form { display: flex; flex-direction: column; gap: 6px; margin-top: 6px; padding: 8px; border: 1px solid var(--line); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	/** The element stays while its form is closed, so that mode and values of the previous subscription are kept. */
	@property({ type: Boolean }) open = false;
	onClose: () => void = () => {};
	@state() private target = '';
	@state() private values: Values = {};
	@state() private tried = false;
	@state() private modeId: string | undefined;
	@state() private completed: string[] = [];
	private readonly questions = new Latest<string, string[]>(
		(start) => this.store.remote.complete(start, maxCompleted),
		(completed) => {
			this.completed = completed;
		},
		(error) => this.store.show(error),
	);

	private get modes(): readonly Mode[] {
		return this.store.describe.subscription?.modes ?? [];
	}

	private get mode(): Mode | undefined {
		return this.modeId === undefined ? this.modes[0] : this.modes.find(({ id }) => id === this.modeId);
	}

	private get fields(): readonly Field[] {
		return [...(this.store.describe.subscription?.fields ?? []), ...(this.mode?.fields ?? [])];
	}

	private get problem(): string | undefined {
		const { subscription } = this.store.describe;
		return subscription?.check(this.target, this.mode?.id) ?? firstProblem(this.fields, this.values);
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('open')) return;
		this.target = '';
		this.tried = false;
	}

	protected override updated(changed: PropertyValues<this>) {
		if (changed.has('open')) this.renderRoot.querySelector<HTMLInputElement>('form input.text')?.focus();
	}

	private readonly submit = (event: Event) => {
		event.preventDefault();
		this.tried = true;
		if (this.problem) return;
		const { target, mode, fields, values } = this;
		this.store.subscribe({ target, ...(mode ? { mode: mode.id } : {}), ...usedValues(fields, values) });
		this.onClose();
	};

	private readonly onKey = (event: KeyboardEvent) => {
		if (event.key === 'Escape') this.onClose();
		if (event.key === 'Enter' && event.target instanceof HTMLInputElement) this.submit(event);
	};

	private readonly onTarget = (event: Event) => {
		this.target = (event.target as HTMLInputElement).value;
		this.questions.want(this.target);
	};

	private readonly onField = (key: string, value: FieldValue | undefined) => {
		this.values = { ...this.values, [key]: value };
	};

	private chooseMode(id: string) {
		this.modeId = id;
	}

	private modeChoice() {
		if (this.modes.length < 2) return nothing;
		const current = this.mode;
		const warning = html` <span class="warn">${icon('warning', 'Asks first')}</span>`;
		const choice = (mode: Mode) =>
			html`<label class=${mode === current ? 'mode on' : 'mode'} title=${mode.sideEffect}>
				<input type="radio" name="mode" .checked=${mode === current} @change=${() => this.chooseMode(mode.id)}>
				${icon(mode.icon)} ${mode.label}${mode.intrusive ? warning : nothing}</label>`;
		return html`<div class="modes" role="radiogroup" aria-label="Mode">${this.modes.map(choice)}</div>`;
	}

	private targetInput(invalid: boolean) {
		const { subscription, words } = this.store.describe;
		const { mode } = this;
		const suggested = (subscription?.suggest ?? []).filter((one) => one.mode === undefined || one.mode === mode?.id);
		const label = mode?.targetLabel ?? subscription?.label ?? capital(words.target);
		return html`<div class="target"><label for="target">${label}</label>
			<div class="row"><input class="text grow" id="target" spellcheck="false" autocomplete="off" list="first"
				placeholder=${mode?.placeholder ?? subscription?.placeholder ?? ''} aria-describedby=${invalid ? 'problem' : nothing}
				aria-invalid=${invalid ? 'true' : nothing} .value=${this.target} @input=${this.onTarget}>
			<datalist id="first">${suggested.map(({ target, label }) => html`<option value=${target}>${label}</option>`)}
				${this.completed.map((target) => html`<option value=${target}></option>`)}</datalist>
			<vscode-button @click=${this.submit}>${mode && this.modes.length > 1 ? (mode.menu ?? mode.label) : words.subscribe}</vscode-button>
			<vscode-button appearance="secondary" @click=${() => this.onClose()}>Cancel</vscode-button></div></div>`;
	}

	/** A target that the chosen mode does not accept is often one of another mode. */
	private otherModes() {
		const { subscription } = this.store.describe;
		if (subscription?.check(this.target, this.mode?.id) === undefined) return nothing;
		const fitting = this.modes.filter(({ id }) => subscription.check(this.target, id) === undefined);
		return fitting.map(
			({ id, label }) =>
				html`<button type="button" class="link" @click=${() => this.chooseMode(id)}>Use the mode ${label} instead</button>`,
		);
	}

	override render() {
		const { subscription } = this.store.describe;
		if (!subscription || !this.open) return nothing;
		const { mode } = this;
		const problem = this.tried || this.target !== '' ? this.problem : undefined;
		return html`<form @submit=${this.submit} @keydown=${this.onKey}>
			${this.modeChoice()}${this.targetInput(problem !== undefined)}
			${problem ? html`<div class="bad" id="problem" role="alert">${problem}</div>${this.otherModes()}` : nothing}
			<mw-fields .fields=${this.fields} .values=${this.values} .submitted=${this.tried} .pickBytes=${this.store.pickBytes} .onChange=${this.onField}></mw-fields>
			<div class=${mode?.intrusive ? 'warn' : 'dim'} role="note">${mode?.intrusive ? icon('warning') : nothing}
				${mode?.sideEffect ?? subscription.sideEffect}</div></form>`;
	}
}
