import { strategies } from '@shunt/balancing';
import { connect } from '@shunt/sdk';

console.log(typeof connect, Object.keys(strategies));
