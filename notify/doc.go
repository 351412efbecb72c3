// Package notify tells people outside the site: by e-mail and by webhook. It takes what
// is due from a queue that it declares, sends it, and notes what became of it. Who is
// told what, and what they may read, is the queue's to say.
//
// What it promises, whenever a server is killed, several run, or a receiver fails:
//
//   - Nothing is lost: what has not been handed over is tried again, with growing
//     pauses, for some three days, and is then shown to the admins.
//   - Nothing is sent twice: a delivery is claimed before anything is done, and noted as
//     handed over right before the receiver can act on it (of an e-mail, before the dot
//     that ends its text). Where nobody knows what came of it after that, an e-mail or a
//     robot's message is not sent again by itself: it is shown to the admins as
//     uncertain, and still stands among the reader's notices. A webhook of our own form
//     is sent again with the same webhook-id, by which its receiver knows it.
package notify
