/** The page to sign in: whoever was signed in before has left nothing of their exams on this device. */

import { forgetEverything } from "./forgetting.js";

forgetEverything();
