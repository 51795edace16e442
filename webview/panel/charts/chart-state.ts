import { isBoolean, isIndex, isNumber, isString, listOf, oneOf, optional, shape } from '../../../src/base/check';
import type { ChartField } from '../../../src/model/contracts/message';

/** Maximum number of fields in the pinned chart. */
export const maxFields = 12;

/** A pinned field. `color`: 0 to 11, different for each field. */
export interface PinnedField extends ChartField {
	color: number;
}

/** `shared`: one axis of values; `own`: each field from its lowest value (0 %) to its highest (100 %). */
export type Scale = 'shared' | 'own';

/** The pinned chart, as it survives a reload. */
export interface ChartState {
	fields: PinnedField[];
	isOpen: boolean;
	/** Pixels. */
	height: number;
	scale: Scale;
	/** The time that is shown, until the latest point. Milliseconds; undefined: everything. */
	span?: number;
}

export const startCharts = (): ChartState => ({ fields: [], isOpen: true, height: 280, scale: 'shared' });

const isField = shape({ target: isString, way: oneOf('in', 'out'), path: isString, color: isIndex });

export const isChartState = shape({
	fields: listOf(isField, maxFields),
	isOpen: isBoolean,
	height: isNumber,
	scale: oneOf('shared', 'own'),
	span: optional(isNumber),
});

/** Two fields with the same key are the same. */
export const fieldKey = ({ target, way, path }: ChartField): string => JSON.stringify([target, way, path]);
