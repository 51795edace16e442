let pressed = false;
const setPressed = ({ type }: Event) => {
	pressed = type === 'pointerdown';
};
for (const type of ['pointerdown', 'pointerup', 'pointercancel']) window.addEventListener(type, setPressed, true);

/**
 * Runs a change after the press of the pointer that caused the current event, or at once without one. A control that loses
 * the focus by a press must not move what is pressed: the click would miss it.
 */
export function afterPress(change: () => void): void {
	if (pressed) window.addEventListener('pointerup', () => setTimeout(change), { once: true });
	else change();
}
