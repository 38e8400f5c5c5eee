;; Finds the ends of rows in the bytes of a JSON array of objects, 64 bytes at a time. RowScanner (rowScanner.ts) puts
;; the bytes of a body into the memory, one chunk behind the other, and takes whole rows out of it.
;;
;;   memory:  first: whole rows, a comma between two; out: the next one; start: no whole row yet; at: what comes
;;
;; Strings are told from the rest by the parity of quotation marks that are not escaped. Everything else in a row is
;; taken as it is: who reads the row checks it.
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
  ;; 1 where a backslash came last that is not escaped itself.
  (global $escaped (mut i32) (i32.const 0))
  ;; Commas that must stand before the next row: none before the first.
  (global $commas (mut i32) (i32.const 0))
  ;; 0: goes on; 1: the array has ended, `start` is behind its bracket; 2: something there is no row.
  (global $state (mut i32) (i32.const 0))

  ;; Looks at the bytes [at, end), which follow those of the call before; writes where rows end, counted from `first`,
  ;; 4 bytes each, from `ends` on. Gives `state`. Up to 63 bytes behind `end` are read, and not looked at.
  (func (export "scan") (param $at i32) (param $end i32) (param $ends i32) (result i32)
    (local $length i32)
    ;; 64 bytes, and how far each is from {, where [ \ ] count as { | }
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $p v128) (local $q v128) (local $r v128) (local $s v128)
    ;; in each lane, whether there were odd quotation marks of which `inString` doesn't know yet
    (local $odd v128)
    (local $inside i64) (local $marks i64)
    (local $bit v128) (local $brace v128) (local $two v128) (local $quote v128)
    (local.set $bit (i8x16.splat (i32.const 0x20)))
    (local.set $brace (i8x16.splat (i32.const 0x7b)))
    (local.set $two (i8x16.splat (i32.const 2)))
    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (global.set $ends (local.get $ends))
    (global.set $count (i32.const 0))
    (block $done
      (loop $more
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))
        (local.set $p (i8x16.sub (v128.or (local.get $a) (local.get $bit)) (local.get $brace)))
        (local.set $q (i8x16.sub (v128.or (local.get $b) (local.get $bit)) (local.get $brace)))
        (local.set $r (i8x16.sub (v128.or (local.get $c) (local.get $bit)) (local.get $brace)))
        (local.set $s (i8x16.sub (v128.or (local.get $d) (local.get $bit)) (local.get $brace)))
        (local.set $length (i32.sub (local.get $end) (local.get $at)))
        ;; the bytes of most pieces are of no interest, but for how many quotation marks there are
        (if (i32.and
              (i32.ge_u (local.get $length) (i32.const 64))
              (i32.eqz (i32.or (global.get $escaped) (v128.any_true (i8x16.le_u
                (i8x16.min_u
                  (i8x16.min_u (local.get $p) (local.get $q))
                  (i8x16.min_u (local.get $r) (local.get $s)))
                (local.get $two))))))
          (then
            (local.set $odd (v128.xor (local.get $odd) (v128.xor
              (v128.xor (i8x16.eq (local.get $a) (local.get $quote)) (i8x16.eq (local.get $b) (local.get $quote)))
              (v128.xor (i8x16.eq (local.get $c) (local.get $quote)) (i8x16.eq (local.get $d) (local.get $quote))))))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br $more)))
        (global.set $inString (i64.xor (global.get $inString) (i64.sub (i64.const 0) (i64.and
          (i64.popcnt (i64.extend_i32_u (i8x16.bitmask (local.get $odd))))
          (i64.const 1)))))
        (local.set $odd (v128.const i64x2 0 0))
        (if (i32.gt_s (local.get $length) (i32.const 64)) (then (local.set $length (i32.const 64))))
        (br_if $done (i32.eqz (local.get $length)))
        (local.set $inside (call $strings (local.get $a) (local.get $b) (local.get $c) (local.get $d)
          (i64.shr_u (i64.const -1) (i64.extend_i32_u (i32.sub (i32.const 64) (local.get $length))))))
        ;; no distance, or two
        (local.set $marks (i64.and (i64.xor (local.get $inside) (i64.const -1)) (call $bits
          (i8x16.eq (v128.andnot (local.get $p) (local.get $two)) (v128.const i64x2 0 0))
          (i8x16.eq (v128.andnot (local.get $q) (local.get $two)) (v128.const i64x2 0 0))
          (i8x16.eq (v128.andnot (local.get $r) (local.get $two)) (v128.const i64x2 0 0))
          (i8x16.eq (v128.andnot (local.get $s) (local.get $two)) (v128.const i64x2 0 0)))))
        (block $marked
          (loop $mark
            (br_if $marked (i64.eqz (local.get $marks)))
            (call $bracket (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $marks)))))
            (br_if $done (global.get $state))
            (local.set $marks (i64.and (local.get $marks) (i64.sub (local.get $marks) (i64.const 1))))
            (br $mark)))
        (local.set $at (i32.add (local.get $at) (local.get $length)))
        (br $more)))
    (global.get $state))

  ;; Of 64 bytes, those inside of strings, and those that `known` doesn't hold.
  (func $strings (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $known i64) (result i64)
    (local $quotes i64) (local $backslashes i64) (local $behind i64) (local $escaped i64)
    (local.set $quotes (i64.and (local.get $known)
      (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x22))))
    (local.set $backslashes (i64.and (local.get $known)
      (call $equal (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i32.const 0x5c))))
    (local.set $escaped (i64.extend_i32_u (global.get $escaped)))
    (global.set $escaped (i32.const 0))
    (local.set $backslashes (i64.and (local.get $backslashes) (i64.xor (local.get $escaped) (i64.const -1))))
    ;; each backslash takes the byte behind it, which is no other then
    (block $none
      (loop $more
        (br_if $none (i64.eqz (local.get $backslashes)))
        (local.set $behind (i64.shl
          (i64.and (local.get $backslashes) (i64.sub (i64.const 0) (local.get $backslashes)))
          (i64.const 1)))
        (local.set $escaped (i64.or (local.get $escaped) (local.get $behind)))
        (global.set $escaped (i64.eqz (i64.and (local.get $behind) (local.get $known))))
        (local.set $backslashes (i64.and (local.get $backslashes) (i64.sub (local.get $backslashes) (i64.const 1))))
        (local.set $backslashes (i64.and (local.get $backslashes) (i64.xor (local.get $behind) (i64.const -1))))
        (br $more)))
    (local.set $quotes (i64.and (local.get $quotes) (i64.xor (local.get $escaped) (i64.const -1))))
    ;; every bit becomes the parity of the quotation marks up to it
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 1))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 2))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 4))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 8))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 16))))
    (local.set $quotes (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 32))))
    (local.set $quotes (i64.xor (local.get $quotes) (global.get $inString)))
    (global.set $inString (i64.shr_s (local.get $quotes) (i64.const 63)))
    (i64.or (local.get $quotes) (i64.xor (local.get $known) (i64.const -1))))

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
    (call $bits
      (i8x16.eq (local.get $a) (local.get $wanted)) (i8x16.eq (local.get $b) (local.get $wanted))
      (i8x16.eq (local.get $c) (local.get $wanted)) (i8x16.eq (local.get $d) (local.get $wanted))))

  ;; One bit for each of 64 lanes.
  (func $bits (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result i64)
    (i64.or
      (i64.or
        (i64.extend_i32_u (i8x16.bitmask (local.get $a)))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $b))) (i64.const 16)))
      (i64.or
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $c))) (i64.const 32))
        (i64.shl (i64.extend_i32_u (i8x16.bitmask (local.get $d))) (i64.const 48))))))
