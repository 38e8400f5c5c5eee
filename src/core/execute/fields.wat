;; Finds the values of columns in rows, and writes rows anew as JSON arrays of these values. FieldScanner
;; (fieldScanner.ts) lays out the memory and calls this.
;;
;; A key is remembered as it stands in the rows, quotes and escapes included; keys of a row mostly follow each other as
;; in the row before, so the one behind the last is tried first. JavaScript is asked for a key that was never seen.
(module
  ;; What column is named by the key that stands at [at, end); it may be remembered from then on.
  (import "host" "learn" (func $learn (param $at i32) (param $end i32) (result i32)))
  (memory (export "memory") 4)

  ;; Keys that are remembered: `keys` of them, 12 bytes each from 0 on: where, how long, which column or -1. Their bytes
  ;; may be read up to 16 bytes at a time.
  (global $keys (export "keys") (mut i32) (i32.const 0))
  ;; Behind the last byte of the row; behind that of the last row stand 16 quotation marks, so that every string ends.
  (global $limit (mut i32) (i32.const 0))

  ;; Rows lie at `data`, one byte between two, ending at `data` + what stands at `rowEnds`, 4 bytes each. Writes
  ;; where the values of `width` columns start and end, counted from `data`, to `starts` and `stops`.
  ;; Gives -1, or where something is no JSON.
  (func (export "find") (param $data i32) (param $rows i32) (param $rowEnds i32) (param $width i32)
                        (param $starts i32) (param $stops i32) (result i32)
    (local $at i32) (local $row i32) (local $end i32) (local $size i32)
    (local.set $size (i32.shl (i32.mul (local.get $rows) (local.get $width)) (i32.const 2)))
    (memory.fill (local.get $starts) (i32.const 0) (local.get $size))
    (memory.fill (local.get $stops) (i32.const 0) (local.get $size))
    (local.set $at (local.get $data))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
        (local.set $end (i32.add (local.get $data) (i32.load (local.get $rowEnds))))
        (local.set $at (call $findInRow
          (local.get $at) (local.get $end) (local.get $data) (local.get $starts) (local.get $stops)))
        (if (i32.ne (local.get $at) (local.get $end))
          (then (return (i32.and (local.get $at) (i32.const 0x7fffffff)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $rowEnds (i32.add (local.get $rowEnds) (i32.const 4)))
        (local.set $starts (i32.add (local.get $starts) (i32.shl (local.get $width) (i32.const 2))))
        (local.set $stops (i32.add (local.get $stops) (i32.shl (local.get $width) (i32.const 2))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $more)))
    (i32.const -1))

  ;; Gives `end`, or where something is no JSON with the highest bit set.
  (func $findInRow (param $at i32) (param $end i32) (param $data i32) (param $starts i32) (param $stops i32) (result i32)
    (local $key i32) (local $column i32) (local $stop i32) (local $byte i32)
    ;; calls for what is rare alone: this is where most of the time goes
    (global.set $limit (local.get $end))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x7b)) (then (return (call $wrong (local.get $at)))))
    (local.set $at (call $skipSpace (i32.add (local.get $at) (i32.const 1))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x7d))
      (then (return (call $closed (local.get $at)))))
    (loop $more
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (call $wrong (local.get $at)))))
      ;; the key
      (local.set $key (call $keyAt (local.get $key) (local.get $at)))
      (if (i32.ge_s (local.get $key) (i32.const 0))
        (then
          (local.set $column (i32.load offset=8 (local.get $key)))
          (local.set $at (i32.add (local.get $at) (i32.load offset=4 (local.get $key))))
          (local.set $key (i32.add (local.get $key) (i32.const 12))))
        (else
          (local.set $key (i32.const 0))
          (local.set $stop (call $stringEnd (local.get $at)))
          (if (i32.gt_u (local.get $stop) (local.get $end)) (then (return (call $wrong (local.get $at)))))
          (local.set $column (call $learn (local.get $at) (local.get $stop)))
          (local.set $at (local.get $stop))))
      (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 0x20)) (then (local.set $at (call $skipSpace (local.get $at)))))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (call $wrong (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.le_u (local.get $byte) (i32.const 0x20))
        (then
          (local.set $at (call $skipSpace (local.get $at)))
          (local.set $byte (i32.load8_u (local.get $at)))))
      ;; the value
      (if (i32.eq (local.get $byte) (i32.const 0x22))
        (then (local.set $stop (call $stringEnd (local.get $at))))
        (else
          (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x7b))
            (then (local.set $stop (call $nestedEnd (local.get $at))))
            (else (local.set $stop (call $wordEnd (local.get $at)))))))
      (if (i32.or (i32.eq (local.get $stop) (local.get $at)) (i32.gt_u (local.get $stop) (local.get $end)))
        (then (return (call $wrong (local.get $at)))))
      (if (i32.ge_s (local.get $column) (i32.const 0))
        (then
          (local.set $column (i32.shl (local.get $column) (i32.const 2)))
          (i32.store (i32.add (local.get $starts) (local.get $column)) (i32.sub (local.get $at) (local.get $data)))
          (i32.store (i32.add (local.get $stops) (local.get $column)) (i32.sub (local.get $stop) (local.get $data)))))
      (local.set $at (local.get $stop))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.le_u (local.get $byte) (i32.const 0x20))
        (then
          (local.set $at (call $skipSpace (local.get $at)))
          (local.set $byte (i32.load8_u (local.get $at)))))
      (if (i32.eq (local.get $byte) (i32.const 0x2c))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (if (i32.le_u (i32.load8_u (local.get $at)) (i32.const 0x20)) (then (local.set $at (call $skipSpace (local.get $at)))))
          (br $more)))
      (if (i32.eq (local.get $byte) (i32.const 0x7d)) (then (return (call $closed (local.get $at))))))
    (call $wrong (local.get $at)))

  ;; Behind the brace of a row, which must be its last byte.
  (func $closed (param $at i32) (result i32)
    (if (i32.ne (i32.add (local.get $at) (i32.const 1)) (global.get $limit)) (then (return (call $wrong (local.get $at)))))
    (i32.add (local.get $at) (i32.const 1)))

  (func $wrong (param $at i32) (result i32)
    (i32.or (local.get $at) (i32.const 0x80000000)))

  ;; Which remembered key stands there, `first` being tried first; -1 for none.
  (func $keyAt (param $first i32) (param $at i32) (result i32)
    (local $key i32) (local $left i32)
    (local.set $key (local.get $first))
    (local.set $left (global.get $keys))
    (block $none
      (loop $more
        (br_if $none (i32.eqz (local.get $left)))
        (if (i32.ge_u (local.get $key) (i32.mul (global.get $keys) (i32.const 12)))
          (then (local.set $key (i32.const 0))))
        (if (call $same (i32.load (local.get $key)) (local.get $at) (i32.load offset=4 (local.get $key)))
          (then (return (local.get $key))))
        (local.set $key (i32.add (local.get $key) (i32.const 12)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $more)))
    (i32.const -1))

  ;; Whether the same bytes stand at both places.
  (func $same (param $a i32) (param $b i32) (param $length i32) (result i32)
    (local $equal i32)
    (loop $more
      (local.set $equal (i8x16.bitmask (i8x16.eq (v128.load (local.get $a)) (v128.load (local.get $b)))))
      (if (i32.le_s (local.get $length) (i32.const 16))
        (then
          ;; all of the first `length` bits
          (return (i32.eqz (i32.shl (i32.xor (local.get $equal) (i32.const 0xffff))
            (i32.sub (i32.const 32) (local.get $length)))))))
      (if (i32.ne (local.get $equal) (i32.const 0xffff)) (then (return (i32.const 0))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $length (i32.sub (local.get $length) (i32.const 16)))
      (br $more))
    (unreachable))

  ;; Behind the quotation mark that closes the string at `at`; behind the row where it doesn't end there.
  (func $stringEnd (param $at i32) (result i32)
    (local $marks i32) (local $bytes v128)
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (loop $more
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $marks (i8x16.bitmask (v128.or
        (i8x16.eq (local.get $bytes) (v128.const i8x16 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22 0x22))
        (i8x16.eq (local.get $bytes) (v128.const i8x16 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c 0x5c)))))
      (if (i32.eqz (local.get $marks))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $more)))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $marks))))
      (if (i32.and (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x5c)) (i32.lt_u (local.get $at) (global.get $limit)))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 2)))
          (br $more))))
    (i32.add (local.get $at) (i32.const 1)))

  ;; Behind the number, or the word, at `at`; behind the row where it doesn't end there.
  (func $wordEnd (param $at i32) (result i32)
    (local $marks i32) (local $bytes v128)
    (loop $more
      (if (i32.gt_u (local.get $at) (global.get $limit)) (then (return (local.get $at))))
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $marks (i8x16.bitmask (v128.or
        (i8x16.le_u (local.get $bytes) (v128.const i8x16 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20 0x20))
        (v128.or
          (i8x16.eq (local.get $bytes) (v128.const i8x16 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c 0x2c))
          (i8x16.eq (local.get $bytes) (v128.const i8x16 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d 0x7d))))))
      (if (i32.eqz (local.get $marks))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $more))))
    (i32.add (local.get $at) (i32.ctz (local.get $marks))))

  ;; Behind the object or array at `at`; behind the row where it doesn't end there.
  (func $nestedEnd (param $at i32) (result i32)
    (local $depth i32) (local $byte i32)
    (loop $more
      (if (i32.ge_u (local.get $at) (global.get $limit)) (then (return (i32.add (global.get $limit) (i32.const 1)))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x22))
        (then
          (local.set $at (call $stringEnd (local.get $at)))
          (br $more)))
      (local.set $byte (i32.or (local.get $byte) (i32.const 0x20)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $byte) (i32.const 0x7b))
        (then (local.set $depth (i32.add (local.get $depth) (i32.const 1)))))
      (if (i32.eq (local.get $byte) (i32.const 0x7d))
        (then
          (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
          (if (i32.eqz (local.get $depth)) (then (return (local.get $at))))))
      (br $more))
    (unreachable))

  (func $skipSpace (param $at i32) (result i32)
    (local $byte i32)
    (loop $more
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.gt_u (local.get $byte) (i32.const 0x20)) (then (return (local.get $at))))
      (if (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x20)) (i32.eq (local.get $byte) (i32.const 0x0a)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x0d)) (i32.eq (local.get $byte) (i32.const 0x09))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $more))))
    (local.get $at))

  ;; Writes [[value, ...], ...] of what `find` has found to `out`, as JSON that loses no digit when it is parsed. Each
  ;; column's form stands at `forms`: 0: numbers become texts; 1: numbers that are written simply stay; 2: short whole
  ;; ones stay. What can't be said so, nested values too, is written as 0, and its place (row * width + column) to
  ;; `doubts`, 4 bytes each. Gives where the text ends; `doubted` tells how many places were written.
  (global $doubted (export "doubted") (mut i32) (i32.const 0))
  (func (export "pack") (param $data i32) (param $rows i32) (param $width i32) (param $starts i32) (param $stops i32)
                        (param $forms i32) (param $out i32) (param $doubts i32) (result i32)
    (local $row i32) (local $column i32) (local $place i32) (local $start i32) (local $stop i32) (local $kind i32)
    (global.set $doubted (i32.const 0))
    (local.set $out (call $put (local.get $out) (i32.const 0x5b)))
    (block $done
      (loop $moreRows
        (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
        (if (local.get $row) (then (local.set $out (call $put (local.get $out) (i32.const 0x2c)))))
        (local.set $out (call $put (local.get $out) (i32.const 0x5b)))
        (local.set $column (i32.const 0))
        (block $rowDone
          (loop $moreColumns
            (br_if $rowDone (i32.ge_u (local.get $column) (local.get $width)))
            (if (local.get $column) (then (local.set $out (call $put (local.get $out) (i32.const 0x2c)))))
            (local.set $start (i32.load (i32.add (local.get $starts) (i32.shl (local.get $place) (i32.const 2)))))
            (local.set $stop (i32.load (i32.add (local.get $stops) (i32.shl (local.get $place) (i32.const 2)))))
            (if (i32.eqz (local.get $start))
              (then
                (i32.store (local.get $out) (i32.const 0x6c6c756e)) ;; null
                (local.set $out (i32.add (local.get $out) (i32.const 4))))
              (else
                (local.set $start (i32.add (local.get $data) (local.get $start)))
                (local.set $stop (i32.add (local.get $data) (local.get $stop)))
                (local.set $kind (call $kind (local.get $start) (local.get $stop)
                  (i32.load8_u (i32.add (local.get $forms) (local.get $column)))))
                (if (i32.eq (local.get $kind) (i32.const 2))
                  (then
                    (i32.store (i32.add (local.get $doubts) (i32.shl (global.get $doubted) (i32.const 2))) (local.get $place))
                    (global.set $doubted (i32.add (global.get $doubted) (i32.const 1)))
                    (local.set $out (call $put (local.get $out) (i32.const 0x30))))
                  (else
                    (if (local.get $kind) (then (local.set $out (call $put (local.get $out) (i32.const 0x22)))))
                    (local.set $out (call $copy (local.get $out) (local.get $start) (local.get $stop)))
                    (if (local.get $kind) (then (local.set $out (call $put (local.get $out) (i32.const 0x22)))))))))
            (local.set $place (i32.add (local.get $place) (i32.const 1)))
            (local.set $column (i32.add (local.get $column) (i32.const 1)))
            (br $moreColumns)))
        (local.set $out (call $put (local.get $out) (i32.const 0x5d)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $moreRows)))
    (call $put (local.get $out) (i32.const 0x5d)))

  (func $put (param $out i32) (param $byte i32) (result i32)
    (i32.store8 (local.get $out) (local.get $byte))
    (i32.add (local.get $out) (i32.const 1)))

  ;; Copies 16 bytes at a time, so up to 15 too many; gives where what was meant ends.
  (func $copy (param $out i32) (param $start i32) (param $stop i32) (result i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $out) (i32.sub (local.get $stop) (local.get $start))))
    (loop $more
      (v128.store (local.get $out) (v128.load (local.get $start)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $start (i32.add (local.get $start) (i32.const 16)))
      (br_if $more (i32.lt_u (local.get $start) (local.get $stop))))
    (local.get $end))

  ;; How a value is written: 0: as it is; 1: as a text; 2: somebody else must look at it.
  (func $kind (param $start i32) (param $stop i32) (param $form i32) (result i32)
    (local $byte i32) (local $digits i32) (local $points i32)
    (local.set $byte (i32.load8_u (local.get $start)))
    (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x7b)) (then (return (i32.const 2))))
    ;; no number: a string, true, false, null; what is none of them, the parser refuses
    (if (i32.and (i32.ne (local.get $byte) (i32.const 0x2d))
                 (i32.gt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 9)))
      (then (return (i32.const 0))))
    ;; -0 is looked at
    (if (i32.eq (local.get $byte) (i32.const 0x2d))
      (then
        (local.set $start (i32.add (local.get $start) (i32.const 1)))
        (if (i32.eq (i32.load8_u (local.get $start)) (i32.const 0x30))
          (then
            (if (i32.eq (i32.sub (local.get $stop) (local.get $start)) (i32.const 1)) (then (return (i32.const 2))))))))
    ;; 01 is no number
    (if (i32.and
          (i32.eq (i32.load8_u (local.get $start)) (i32.const 0x30))
          (i32.lt_u (i32.sub (i32.load8_u offset=1 (local.get $start)) (i32.const 0x30)) (i32.const 10)))
      (then (return (i32.const 2))))
    (loop $more
      (local.set $byte (i32.load8_u (local.get $start)))
      (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))
        (then (local.set $digits (i32.add (local.get $digits) (i32.const 1))))
        (else
          ;; one point between digits
          (if (i32.or
                (i32.or (i32.ne (local.get $byte) (i32.const 0x2e)) (local.get $points))
                (i32.or
                  (i32.eqz (local.get $digits))
                  (i32.or
                    (i32.eq (i32.add (local.get $start) (i32.const 1)) (local.get $stop))
                    (i32.ge_u (i32.sub (i32.load8_u offset=1 (local.get $start)) (i32.const 0x30)) (i32.const 10)))))
            (then (return (i32.const 2))))
          (local.set $points (i32.const 1))))
      (local.set $start (i32.add (local.get $start) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $start) (local.get $stop))))
    (if (i32.eqz (local.get $form)) (then (return (i32.const 1))))
    (if (i32.gt_u (local.get $digits) (i32.const 15)) (then (return (i32.const 2))))
    (if (i32.and (local.get $points) (i32.eq (local.get $form) (i32.const 2))) (then (return (i32.const 2))))
    (i32.const 0)))
