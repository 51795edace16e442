import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, queryAll, state } from 'lit/decorators.js';
import { isRecord } from '../../src/base/check';
import type { RuleMember } from '../../src/model/checks/rule';
import { writePath } from '../../src/model/profile/edit';
import type { Field, FieldValue, Values } from '../../src/model/profile/field';
import { checkFields, checkProblems } from '../../src/model/profile/message-checks';
import type { ProtocolDescription } from '../../src/protocols/description';
import { controls, shared } from '../base/styles';
import { capital } from '../base/words';
import { icon } from '../controls/icons';
import { toolButton } from '../controls/tool-button';
import '../fields/fields';
import type { Fields } from '../fields/fields';
import type { Input } from './profile';
import { itemStyles } from './styles';

/** The entries of `checks` as they stand in the profile. */
export const checksOf = ({ checks }: Input): Input[] => (Array.isArray(checks) ? checks.filter(isRecord) : []);

interface CheckProblem {
	/** Number of the check, from 0. */
	at: number;
	/** The field to correct, or to begin with. */
	member: RuleMember;
	text: string;
}

export function firstCheckProblem(description: ProtocolDescription, profile: Input): CheckProblem | undefined {
	for (const [at, check] of checksOf(profile).entries()) {
		const [wrong] = checkProblems(check, description);
		if (wrong) return { at, member: wrong.member ?? 'nonce', text: `Check ${at + 1}: ${wrong.message}` };
	}
	return undefined;
}

/** The fields of messages by which the log marks them, a group of inputs for each check. */
@customElement('mw-message-checks')
export class MessageChecks extends LitElement {
	static override styles = [
		shared,
		controls,
		itemStyles,
		css`
			:host { display: block; }
			.check { padding: 6px 10px 10px; border: 1px solid var(--line); border-radius: 3px; }
			.check > .row { min-height: 26px; font-weight: 600; }
			.bad { margin-top: 6px; font-size: 0.92em; line-height: 1.4; }
		`,
	];
	@property({ attribute: false }) description!: ProtocolDescription;
	@property({ attribute: false }) profile!: Input;
	/** The user has tried to save or to test. */
	@property({ type: Boolean }) tried = false;
	onProfile: (profile: Input) => void = () => {};
	/** The check that is being written, whose problems are not shown yet. */
	@state() private writing: number | undefined;
	@queryAll('mw-fields') private groups!: NodeListOf<Fields>;

	/** Moves the focus to a field of a check. */
	focusCheck({ at, member }: Omit<CheckProblem, 'text'>): void {
		void this.groups[at]?.focusField(member);
	}

	private set(checks: Input[]) {
		this.onProfile(writePath(this.profile, ['checks'], checks.length > 0 ? checks : undefined));
	}

	private async add() {
		const checks = checksOf(this.profile);
		this.writing = checks.length;
		this.set([...checks, {}]);
		await new Promise(requestAnimationFrame);
		this.focusCheck({ at: checks.length, member: 'target' });
	}

	private async removeCheck(at: number) {
		this.writing = undefined;
		this.set(checksOf(this.profile).filter((_, index) => index !== at));
		await new Promise(requestAnimationFrame);
		this.renderRoot.querySelector<HTMLElement>('button.add')?.focus();
	}

	private get fields(): readonly Field[] {
		const { subscription, words } = this.description;
		return checkFields.map((field) =>
			field.key === 'target'
				? {
						...field,
						label: capital(words.target),
						...(subscription && { placeholder: `e.g. ${subscription.placeholder}` }),
					}
				: field,
		);
	}

	private check(check: Input, at: number) {
		const shown = this.writing === at && !this.tried ? [] : checkProblems(check, this.description);
		const whole = shown.find(({ member }) => member === undefined);
		const refusals = Object.fromEntries(shown.flatMap(({ member, message }) => (member ? [[member, message]] : [])));
		const change = (key: string, value: FieldValue | undefined) => {
			this.writing = at;
			this.set(checksOf(this.profile).map((one, index) => (index === at ? writePath(one, [key], value) : one)));
		};
		const left = (event: FocusEvent) => {
			const group = event.currentTarget as HTMLElement;
			if (!group.contains(event.relatedTarget as Node | null)) this.writing = undefined;
		};
		const title = `Check ${at + 1}`;
		return html`<div class="check" role="group" aria-label=${title} @focusout=${left}>
			<div class="row"><span class="grow">${title}</span>${toolButton('close', `Remove check ${at + 1}`, () => void this.removeCheck(at))}</div>
			<mw-fields .fields=${this.fields} .values=${check as Values} .refusals=${refusals} .onChange=${change}></mw-fields>
			${whole ? html`<div class="bad" role="alert">${whole.message}</div>` : nothing}</div>`;
	}

	override render() {
		return html`<fieldset><legend>Message checks</legend>
			<div class="help">The log marks replayed, old, duplicate, missing and reordered messages by these fields of the messages. A field
				is a path in the JSON body, such as seq or data.seq, or “header” and the name of a header.</div>
			${checksOf(this.profile).map((check, at) => this.check(check, at))}
			<button class="tool add" @click=${() => void this.add()}>${icon('add')} Add check</button></fieldset>`;
	}
}
