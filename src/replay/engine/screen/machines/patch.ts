import { patchMarkerOf } from '../../../../temporal/markers';
import { Unsure } from '../unsure';
import { StateMachine, type Transitions, sending } from './machine';

/** `patch_state_machine.rs` */
export class PatchMachine extends StateMachine {
  constructor(readonly patchId: string) {
    super('MarkerCommandCreated', TRANSITIONS);
  }
}

const TRANSITIONS: Transitions<PatchMachine> = {
  MarkerCommandCreated: { [sending('RecordMarker')]: 'Notified' },
  Notified: {
    MarkerRecorded(machine, event) {
      if (patchMarkerOf(event)?.id !== machine.patchId) throw new Unsure('commands do not fit', 'patch id');
      return 'MarkerCommandRecorded';
    },
  },
};
