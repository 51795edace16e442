import type { Field } from '../../../model/profile/field';

type Text = Extract<Field, { type: 'text' }>;
type Whole = Extract<Field, { type: 'number' }>;
type Flag = Extract<Field, { type: 'boolean' }>;

/** A short string of AMQP, among the advanced fields. */
export const shortText = (key: string, label: string, more: Partial<Text> = {}): Text => ({
	...{ key, label, type: 'text', maxBytes: 255, advanced: true },
	...more,
});

/** A whole number. */
export const whole = (key: string, label: string, more: Omit<Whole, 'key' | 'label' | 'type' | 'integer'>): Whole => ({
	...{ key, label, type: 'number', integer: true },
	...more,
});

/** A check box among the advanced fields, off by default. */
export const flag = (key: string, label: string, more: Partial<Flag> = {}): Flag => ({
	...{ key, label, type: 'boolean', default: false, advanced: true },
	...more,
});
