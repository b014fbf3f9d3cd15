// What can be tried on some pages, by the name that the page gives it.

import * as bits from "./bits.js";
import * as kernel from "./kernel.js";
import * as softmax from "./softmax.js";
import * as threshold from "./threshold.js";
import * as valley from "./valley.js";

globalThis.digitsPlaygrounds = { bits, kernel, softmax, threshold, valley };
