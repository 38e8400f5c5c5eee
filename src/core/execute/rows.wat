;; Finds the ends of rows in the bytes of a JSON array of objects, 64 bytes at a time. RowScanner (rowScanner.ts) puts
;; the bytes of a body into the memory, one chunk behind the other, and takes whole rows out of it.
;;
;;   memory:  first: whole rows, a comma between two; out: the next one; start: no whole row yet; at: what comes
;;
;; Strings are told from the rest by the parity of quotation marks; a piece of 64 bytes that holds a backslash goes
;; byte by byte. Everything else in a row is taken as it is: who reads the row checks it.
(module
  (memory (export "memory") 4)
  ;; Where the first row is that the last `scan` has found.
  (global $first (export "first") (mut i32) (i32.const 0))
  ;; Where the next row goes: one byte behind the one before.
  (global $out (mut i32) (i32.const 0))
  ;; Where the row begins that has not ended yet; between rows, where the row before has ended.
  (global $start (export "start") (mut i32) (i32.const 0))
  ;; Rows whose ends were written by the last `scan`.
  (global $count (export "count") (mut i32) (i32.const 0))
  ;; Where the next end is written.
  (global $ends (mut i32) (i32.const 0))
  ;; Open objects and arrays.
  (global $depth (mut i32) (i32.const 0))
  ;; All ones inside a string, else 0.
  (global $inString (mut i64) (i64.const 0))
  (global $escaped (mut i32) (i32.const 0))
  ;; Commas that must stand before the next row: none before the first.
  (global $commas (mut i32) (i32.const 0))
  ;; 0: goes on; 1: the array has ended, `start` is behind its bracket; 2: something there is no row.
  (global $state (mut i32) (i32.const 0))

  ;; Looks at the bytes [at, end), which follow those of the call before; writes where rows end, counted from `first`,
  ;; 4 bytes each, from `ends` on. Gives `state`.
  (func (export "scan") (param $at i32) (param $end i32) (param $ends i32) (result i32)
    (local $next i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $quotes i64) (local $marks i64)
    (local $bit v128) (local $brace v128) (local $three v128) (local $quote v128)
    (local.set $bit (i8x16.splat (i32.const 0x20)))
    (local.set $brace (i8x16.splat (i32.const 0x7b)))
    (local.set $three (i8x16.splat (i32.const 3)))
    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (global.set $ends (local.get $ends))
    (global.set $count (i32.const 0))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $next (i32.add (local.get $at) (i32.const 64)))
        (if (i32.gt_u (local.get $next) (local.get $end))
          (then
            (call $slowly (local.get $at) (local.get $end))
            (br $done)))
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))
        ;; braces, brackets and backslashes differ in one bit from { | }, which stand side by side; a | that is none is rare
        (if (i32.eqz (i32.or (global.get $escaped) (v128.any_true (v128.or
              (v128.or
                (i8x16.lt_u (i8x16.sub (v128.or (local.get $a) (local.get $bit)) (local.get $brace)) (local.get $three))
                (i8x16.lt_u (i8x16.sub (v128.or (local.get $b) (local.get $bit)) (local.get $brace)) (local.get $three)))
              (v128.or
                (i8x16.lt_u (i8x16.sub (v128.or (local.get $c) (local.get $bit)) (local.get $brace)) (local.get $three))
                (i8x16.lt_u (i8x16.sub (v128.or (local.get $d) (local.get $bit)) (local.get $brace)) (local.get $three)))))))
          (then
            ;; only whether the quotation marks are odd matters here
            (global.set $inString (i64.xor (global.get $inString) (i64.sub (i64.const 0) (i64.extend_i32_u (i32.and
              (i32.popcnt (i8x16.bitmask (v128.xor
                (v128.xor (i8x16.eq (local.get $a) (local.get $quote)) (i8x16.eq (local.get $b) (local.get $quote)))
                (v128.xor (i8x16.eq (local.get $c) (local.get $quote)) (i8x16.eq (local.get $d) (local.get $quote))))))
              (i32.const 1))))))
            (local.set $at (local.get $next))
            (br $more)))
        (if (i32.or (global.get $escaped) (i64.ne (i64.const 0)
              (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x5c))))
          (then
            (call $slowly (local.get $at) (local.get $next))
            (br_if $done (global.get $state))
            (local.set $at (local.get $next))
            (br $more)))
        (local.set $quotes (call $equal
          (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x22)))
        (local.set $a (v128.or (local.get $a) (local.get $bit)))
        (local.set $b (v128.or (local.get $b) (local.get $bit)))
        (local.set $c (v128.or (local.get $c) (local.get $bit)))
        (local.set $d (v128.or (local.get $d) (local.get $bit)))
        (local.set $marks (i64.or
          (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x7b))
          (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x7d))))
        ;; every bit becomes the parity of the quotation marks up to it
        (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 1))))
        (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 2))))
        (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 4))))
        (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 8))))
        (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 16))))
        (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 32))))
        (local.set $quotes (i64.xor (local.get $quotes) (global.get $inString)))
        (global.set $inString (i64.shr_s (local.get $quotes) (i64.const 63)))
        (local.set $marks (i64.and (local.get $marks) (i64.xor (local.get $quotes) (i64.const -1))))
        (block $marked
          (loop $mark
            (br_if $marked (i64.eqz (local.get $marks)))
            (call $bracket (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $marks)))))
            (br_if $done (global.get $state))
            (local.set $marks (i64.and (local.get $marks) (i64.sub (local.get $marks) (i64.const 1))))
            (br $mark)))
        (local.set $at (local.get $next))
        (br $more)))
    (global.get $state))

  ;; Bytes [at, end) one by one; stops where `state` changes.
  (func $slowly (param $at i32) (param $end i32)
    (local $byte i32)
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (global.get $escaped)
          (then (global.set $escaped (i32.const 0)))
          (else
            (if (i32.eq (local.get $byte) (i32.const 0x22))
              (then (global.set $inString (i64.xor (global.get $inString) (i64.const -1))))
              (else
                (if (i64.ne (global.get $inString) (i64.const 0))
                  (then (global.set $escaped (i32.eq (local.get $byte) (i32.const 0x5c))))
                  (else
                    (local.set $byte (i32.or (local.get $byte) (i32.const 0x20)))
                    (if (i32.or (i32.eq (local.get $byte) (i32.const 0x7b)) (i32.eq (local.get $byte) (i32.const 0x7d)))
                      (then
                        (call $bracket (local.get $at))
                        (br_if $done (global.get $state))))))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $more))))

  ;; A brace or bracket outside of strings.
  (func $bracket (param $at i32)
    (local $byte i32) (local $length i32)
    (local.set $byte (i32.load8_u (local.get $at)))
    ;; { [
    (if (i32.eq (i32.and (local.get $byte) (i32.const 6)) (i32.const 2))
      (then
        (if (i32.eqz (global.get $depth))
          (then
            (if (i32.or (i32.ne (local.get $byte) (i32.const 0x7b))
                        (i32.ne (call $commasBefore (local.get $at)) (global.get $commas)))
              (then (global.set $state (i32.const 2)) (return)))
            (global.set $start (local.get $at))))
        (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
        (return)))
    ;; the end of the array
    (if (i32.eqz (global.get $depth))
      (then
        (if (i32.or (i32.ne (local.get $byte) (i32.const 0x5d)) (call $commasBefore (local.get $at)))
          (then (global.set $state (i32.const 2)) (return)))
        (global.set $start (i32.add (local.get $at) (i32.const 1)))
        (global.set $state (i32.const 1))
        (return)))
    (global.set $depth (i32.sub (global.get $depth) (i32.const 1)))
    (if (global.get $depth) (then (return)))
    ;; the end of a row
    (if (i32.eqz (global.get $count))
      (then
        (global.set $first (global.get $start))
        (global.set $out (global.get $start))))
    (local.set $length (i32.sub (i32.add (local.get $at) (i32.const 1)) (global.get $start)))
    (if (i32.ne (global.get $out) (global.get $start))
      (then
        ;; there was white space
        (i32.store8 (i32.sub (global.get $out) (i32.const 1)) (i32.const 0x2c))
        (memory.copy (global.get $out) (global.get $start) (local.get $length))))
    (global.set $out (i32.add (global.get $out) (local.get $length)))
    (i32.store (global.get $ends) (i32.sub (global.get $out) (global.get $first)))
    (global.set $out (i32.add (global.get $out) (i32.const 1)))
    (global.set $ends (i32.add (global.get $ends) (i32.const 4)))
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (global.set $start (i32.add (local.get $at) (i32.const 1)))
    (global.set $commas (i32.const 1)))

  ;; How many commas stand in [start, at); -1 where there is something else but white space.
  (func $commasBefore (param $at i32) (result i32)
    (local $from i32) (local $byte i32) (local $commas i32)
    (local.set $from (global.get $start))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $from) (local.get $at)))
        (local.set $byte (i32.load8_u (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (if (i32.eq (local.get $byte) (i32.const 0x2c))
          (then
            (local.set $commas (i32.add (local.get $commas) (i32.const 1)))
            (br $more)))
        (br_if $more (i32.eq (local.get $byte) (i32.const 0x20)))
        (br_if $more (i32.eq (local.get $byte) (i32.const 0x0a)))
        (br_if $more (i32.eq (local.get $byte) (i32.const 0x0d)))
        (br_if $more (i32.eq (local.get $byte) (i32.const 0x09)))
        (return (i32.const -1))))
    (local.get $commas))

  ;; One bit for each of the 64 bytes that is that one.
  (func $equal (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $byte i32) (result i64)
    (local $wanted v128)
    (local.set $wanted (i8x16.splat (local.get $byte)))
    (i64.or
      (i64.or
        (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $wanted))))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $wanted)))) (i64.const 16)))
      (i64.or
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $wanted)))) (i64.const 32))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $wanted)))) (i64.const 48))))))
