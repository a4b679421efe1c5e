// A result is heard and felt as well as seen: high and short, twice, or low and long.
const TONES = {
  ok: [[880, 0.12]],
  warn: [
    [587, 0.12],
    [587, 0.12],
  ],
  refused: [[196, 0.5]],
};
const BUZZ = { ok: 60, warn: [60, 60, 60], refused: 400 };

let sound;

export function play(tone) {
  navigator.vibrate?.(BUZZ[tone]);
  if (!navigator.userActivation?.hasBeenActive) return; // browsers play nothing before a press
  sound ??= new AudioContext();
  let start = sound.currentTime;
  for (const [pitch, seconds] of TONES[tone]) {
    const voice = sound.createOscillator();
    const volume = sound.createGain();
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.2, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + seconds);
    voice.connect(volume).connect(sound.destination);
    voice.start(start);
    voice.stop(start + seconds);
    start += seconds + 0.08;
  }
}
