import { type Expression, levelOf, PRECEDENCE, quote } from '../../../src/core/query/expression.ts'

/** One line, as OData writes it, with as few parentheses as it needs. */
export function printExpression(expression: Expression): string {
  return print(expression, 0)
}

function print(expression: Expression, outer: number): string {
  switch (expression.kind) {
    case 'literal': return expression.form === 'text' ? quote(expression.text) : expression.text
    case 'path': return expression.steps.join('/')
    case 'call': return `${expression.name}(${expression.args.map(printExpression).join(',')})`
    case 'unary': {
      const { operator, operand } = expression
      const inner = print(operand, PRECEDENCE.length)
      return operator === '-' ? `-${inner}` : `not ${inner}`
    }
    case 'in': {
      const level = levelOf('in')
      const text = `${print(expression.operand, level + 1)} in (${expression.values.map(printExpression).join(',')})`
      return level < outer ? `(${text})` : text
    }
    case 'binary': {
      const { operator, left, right } = expression
      const level = levelOf(operator)
      const text = `${print(left, level)} ${operator} ${print(right, operator === 'and' || operator === 'or' ? level : level + 1)}`
      return level < outer ? `(${text})` : text
    }
  }
}
