import type { ChartField } from '../../../src/model/contracts/message';
import { type ChartState, fieldKey, maxFields, startCharts } from './chart-state';

/** The part of the panel's store that keeps the chart. */
interface Keeper {
	readonly saved: { charts?: ChartState };
	keep(change: { charts: ChartState }): void;
}

/** The pinned chart's fields and settings, and the operations on them. */
export class ChartStore {
	constructor(private readonly keeper: Keeper) {}

	get state(): ChartState {
		return this.keeper.saved.charts ?? startCharts();
	}

	get isEmpty(): boolean {
		return this.state.fields.length === 0;
	}

	get isFull(): boolean {
		return this.state.fields.length >= maxFields;
	}

	change(change: Partial<ChartState>): void {
		this.keeper.keep({ charts: { ...this.state, ...change } });
	}

	has(field: ChartField): boolean {
		const key = fieldKey(field);
		return this.state.fields.some((one) => fieldKey(one) === key);
	}

	/** Adds a field in the first free color and unfolds the chart, unless it is full or has the field. */
	add({ target, way, path }: ChartField): void {
		const { fields } = this.state;
		if (this.isFull || this.has({ target, way, path })) return;
		const used = new Set(fields.map(({ color }) => color));
		const color = Array.from({ length: maxFields }, (_, at) => at).find((at) => !used.has(at)) ?? 0;
		this.change({ fields: [...fields, { target, way, path, color }], isOpen: true });
	}

	remove(field: ChartField): void {
		const key = fieldKey(field);
		this.change({ fields: this.state.fields.filter((one) => fieldKey(one) !== key) });
	}
}
