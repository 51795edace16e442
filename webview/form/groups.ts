import { html, nothing, type TemplateResult } from 'lit';
import type { Field, FieldGroup, Values } from '../../src/model/profile/field';
import type { ProtocolDescription } from '../../src/protocols/description';
import { icon } from '../controls/icons';
import '../fields/field';
import { isShown } from '../fields/values';
import { allFields, factsOf, type Input, readValues, writeValue } from './profile';
import './secret';

/** What the groups of fields are drawn from, and what happens in them. */
export interface Groups {
	readonly description: ProtocolDescription;
	readonly profile: Input;
	/** Keys of the secrets that are stored. */
	readonly secrets: readonly string[];
	/** Titles of the groups that show their advanced fields. */
	readonly open: ReadonlySet<string>;
	/** Problems of untouched fields are shown. */
	readonly submitted: boolean;
	onOpen(open: ReadonlySet<string>): void;
	onChange(profile: Input): void;
	onSecret(): void;
	onBrowse(field: Field): void;
}

/** The fields of a protocol that apply to the profile as it stands. */
export function profileGroups(form: Groups): (TemplateResult | typeof nothing)[] {
	const { description, profile } = form;
	const values = readValues(description, profile);
	const facts = factsOf(description, String(profile.url ?? ''));
	const all = allFields(description);
	return description.profile.map((group) => {
		if (!isShown(group, all, values, facts)) return nothing;
		const shown = group.fields.filter((field) => isShown(field, all, values, facts));
		return fieldGroup(form, group, shown, values);
	});
}

function fieldGroup(
	form: Groups,
	{ title, help }: FieldGroup,
	shown: readonly Field[],
	values: Values,
): TemplateResult {
	const isOpen = form.open.has(title);
	const isFolded = (field: Field) => field.advanced === true && values[field.key] === undefined;
	return html`<fieldset><legend>${title}</legend>
		${help ? html`<div class="help">${help}</div>` : nothing}
		${shown.filter((field) => isOpen || !isFolded(field)).map((field) => fieldRow(form, field, values))}
		${isOpen || shown.some(isFolded) ? moreButton(form, title, isOpen) : nothing}</fieldset>`;
}

function fieldRow(form: Groups, field: Field, values: Values): TemplateResult {
	const { key } = field;
	const secret = () =>
		html`<mw-secret .field=${field} .stored=${form.secrets.includes(key)} .onEdit=${() => form.onSecret()}></mw-secret>`;
	return html`<mw-field spacious data-key=${key} .submitted=${form.submitted} .field=${field} .value=${values[key]}
		.onChange=${(_key: string, value: Values[string]) => form.onChange(writeValue(form.profile, field, value))}
		.onBrowse=${() => form.onBrowse(field)}>${field.type === 'secret' ? secret() : nothing}</mw-field>`;
}

function moreButton({ open, onOpen }: Groups, title: string, isOpen: boolean): TemplateResult {
	const toggle = () => {
		const next = new Set(open);
		if (!next.delete(title)) next.add(title);
		onOpen(next);
	};
	return html`<button class="tool" aria-expanded=${isOpen} @click=${toggle}>
		${icon(isOpen ? 'chevron-down' : 'chevron-right')} ${isOpen ? 'Fewer options' : 'More options'}</button>`;
}
