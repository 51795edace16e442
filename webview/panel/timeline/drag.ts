/** Movement after which a press counts as a drag. Pixels. */
const minDrag = 4;

interface Drag {
	/** The position under the pointer. */
	at(event: PointerEvent): number;
	/** Called with the positions where the drag began and where it is. */
	move(start: number, end: number): void;
	/** Called once with the last positions, or without any if the drag was cancelled. */
	end(span?: [start: number, end: number]): void;
}

/** Follows the pointer from a press until it is released. A press without movement has one position. */
export function follow(down: PointerEvent, { at, move, end }: Drag): void {
	const target = down.currentTarget as HTMLElement;
	target.setPointerCapture(down.pointerId);
	const start = at(down);
	let isDrag = false;
	const onMove = (event: PointerEvent) => {
		isDrag ||= Math.abs(event.clientX - down.clientX) >= minDrag;
		if (isDrag) move(start, at(event));
	};
	const onEnd = (event: PointerEvent) => {
		target.removeEventListener('pointermove', onMove);
		target.removeEventListener('pointerup', onEnd);
		target.removeEventListener('pointercancel', onEnd);
		if (event.type === 'pointercancel') end();
		else end([start, isDrag ? at(event) : start]);
	};
	target.addEventListener('pointermove', onMove);
	target.addEventListener('pointerup', onEnd);
	target.addEventListener('pointercancel', onEnd);
}
