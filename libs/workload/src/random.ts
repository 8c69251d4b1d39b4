/** A source of randomness: each call gives a number in [0, 1). */
export type Random = () => number;

/**
 * Makes a repeatable source of randomness from a seed: the same seed gives the same numbers on every machine.
 *
 * xoshiro128** 1.1 (Blackman and Vigna, prng.di.unimi.it), its state filled by splitmix32. Any number is a seed; it is
 * cut to 32 bits. 32 random bits per number, period 2^128 - 1. Not for secrets.
 */
export function seededRandom(seed: number): Random {
  let mix = seed | 0;
  const nextMix = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = nextMix();
  let b = nextMix();
  let c = nextMix();
  let d = nextMix();
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return (result >>> 0) / 4_294_967_296;
  };
}
