/**
 * Serves bodies as the Table API does, as fast as a socket takes them: `node bodyServer.ts` prints its address and ends
 * with its input; `/N` is a body of N rows of 20 columns, N a multiple of 10,000.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'

const BLOCK_ROWS = 10_000
const PIECE_BYTES = 65_536

const block = Array.from({ length: BLOCK_ROWS }, (_, index) => row(index)).join(',')

const server = createServer(socket => {
  socket.on('error', () => undefined)
  socket.on('data', head => {
    const [, path = '/0'] = head.toString('latin1').split(' ')
    void answer(socket, Number(path.slice(1)) / BLOCK_ROWS)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.stdin.once('end', () => process.exit()).resume()

const middle = chunked(`,${block}`)

async function answer(socket: Socket, blocks: number): Promise<void> {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json; odata.metadata=minimal\r\ntransfer-encoding: chunked\r\n\r\n')
  await write(socket, chunked(`{"@odata.context":"$metadata#Rows","value":[${block}`))
  for (let index = 1; index < blocks && !socket.destroyed; index++) await write(socket, middle)
  await write(socket, Buffer.concat([chunked(']}'), Buffer.from('0\r\n\r\n')]))
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.write(bytes) || socket.destroyed) return
  await new Promise<void>(resolve => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.once('drain', done).once('close', done)
  })
}

/** RFC 9112, section 7.1. */
function chunked(text: string): Buffer {
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES)
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
  }
  return Buffer.concat(pieces)
}

/** An order line of about 640 bytes. */
function row(index: number): string {
  return JSON.stringify({
    Sales_Order_Line_Id: guid(index, 1), Sales_Order_Id: guid(index >> 3, 2), Product_Id: guid(index % 997, 3),
    Line_Store_Id: guid(index % 13, 4), Quantity_Unit_Id: guid(index % 5, 5), Lot_Id: index % 3 === 0 ? guid(index % 311, 6) : null,
    Line_No: index % 50 * 10, Line_Amount: '#1', Quantity: '#2', Quantity_Base: '#3', Row_Version: '#4',
    Line_Discount_Percent: 0.05, Is_Released: index % 3 === 0, Parent_Line_No: null, Guarantee_Period_Days: index % 36,
    Document_Date: `2026-0${1 + index % 9}-1${index % 10}T00:00:00Z`,
    Notes: index % 8 === 0 ? `As agreed "by phone" on line ${index}` : null,
    Product_Description: index % 10 === 0 ? 'Винт стоманен M8 x 40' : `Steel screw M8 x ${index % 90}, galvanized`,
    State: index % 6 * 10, Delivery_Terms_Code: 'EXW',
  }).replace('"#1"', `${index * 7919 % 1_000_000}.${10 + index % 90}`).replace('"#2"', `${index % 97}.${String(index % 1000).padStart(3, '0')}`)
    .replace('"#3"', `${index % 89}.50`).replace('"#4"', `90071992547${40_000 + index}`)
}

function guid(index: number, kind: number): string {
  const hex = (value: number, digits: number) => (value >>> 0).toString(16).padStart(digits, '0').slice(-digits)
  return `${hex(Math.imul(index, 0x9e3779b1), 8)}-${hex(index, 4)}-4${hex(kind * 7, 3)}-8${hex(index * 31, 3)}-${hex(Math.imul(index, 40_503), 8)}${hex(kind, 4)}`
}
