/// The page's one script: tables that sort and filter. Without it they are there all the same.
enum Script {
    static let source = """
        for (const table of document.querySelectorAll('table.sortable')) {
          const body = table.tBodies[0], rows = [...body.rows];
          const key = (row, column) => {
            const cell = row.cells[column], data = cell && cell.querySelector('data');
            return data ? Number(data.value) : cell ? cell.textContent : '';
          };
          [...table.tHead.rows[0].cells].forEach((head, column) => {
            const button = document.createElement('button');
            button.append(...head.childNodes);
            head.append(button);
            button.addEventListener('click', () => {
              const down = head.getAttribute('aria-sort') === 'ascending';
              for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
              head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
              const isEmpty = row => row.cells[column].classList.contains('none');
              rows.sort((a, b) => {
                if (isEmpty(a) || isEmpty(b)) return isEmpty(a) - isEmpty(b);
                const x = key(a, column), y = key(b, column);
                const order = typeof x === 'number' && typeof y === 'number'
                  ? x - y : String(x).localeCompare(String(y), 'en', {numeric: true});
                return down ? -order : order;
              });
              body.append(...rows);
            });
          });
          if (rows.length < 8) continue;
          const input = document.createElement('input');
          input.className = 'filter';
          input.type = 'search';
          input.placeholder = 'Filter ' + rows.length + ' rows';
          input.setAttribute('aria-label', input.placeholder);
          input.addEventListener('input', () => {
            const words = input.value.toLowerCase().split(/\\s+/);
            for (const row of rows) {
              const text = row.textContent.toLowerCase();
              row.hidden = !words.every(word => text.includes(word));
            }
          });
          table.parentNode.before(input);
        }
        """
}
