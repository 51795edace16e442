const two = (value: number) => String(value).padStart(2, '0');

/** "14:03:22.117" in local time. `time`: milliseconds since the epoch. */
export function clock(time: number): string {
	const date = new Date(time);
	const ms = String(date.getMilliseconds()).padStart(3, '0');
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** "14:03:22.117 +02:00", for documents that are kept or shared. */
export function clockWithZone(time: number): string {
	const minutes = -new Date(time).getTimezoneOffset();
	const size = Math.abs(minutes);
	return `${clock(time)} ${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
